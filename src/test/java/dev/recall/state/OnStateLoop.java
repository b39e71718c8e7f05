package dev.recall.state;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

/** One {@link StateLoop} for all tests of a class, whose Redis is empty before each of them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OnStateLoop<E> {

  final Contents redis = new Contents();
  final StateLoop<E> loop;

  OnStateLoop(StateLoop.Begin<E> begin) {
    loop = new StateLoop<>(begin);
  }

  @AfterAll
  void close() {
    loop.close();
    redis.close();
  }

  @BeforeEach
  void clear() {
    redis.clear();
  }
}
