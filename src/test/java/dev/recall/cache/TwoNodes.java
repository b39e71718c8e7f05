package dev.recall.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recall.compute.Held;
import dev.recall.redis.RedisCli;
import dev.recall.redis.bundled.SharedRedis;
import dev.recall.testing.Node;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

/** Two nodes that share nothing but Redis, which is empty before each test. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TwoNodes {

  /** What a computation makes that ends when the test lets it. */
  static final String X = "/v1/cache/held/x";

  private final List<String> ofFirst;
  private final List<String> ofSecond;
  Node first;
  Node second;
  RedisCli redis;

  /** Nodes with these settings; which Redis they use goes without saying. */
  TwoNodes(List<String> ofFirst, List<String> ofSecond) {
    this.ofFirst = ofFirst;
    this.ofSecond = ofSecond;
  }

  @BeforeAll
  void start() {
    redis = new RedisCli(SharedRedis.url());
    first = started(ofFirst);
    second = started(ofSecond);
  }

  private static Node started(List<String> settings) {
    List<String> flags = new ArrayList<>(settings);
    flags.add("redis.url=" + SharedRedis.url());
    return Node.started(flags.toArray(String[]::new));
  }

  @AfterAll
  void stop() {
    first.close();
    second.close();
    redis.close();
  }

  @BeforeEach
  void empty() {
    Node.flush(redis, first, second);
    assertThat(Held.begun()).isZero();
  }

  double computedByBoth() {
    return first.meter("recall_cache_computed_total") + second.meter("recall_cache_computed_total");
  }
}
