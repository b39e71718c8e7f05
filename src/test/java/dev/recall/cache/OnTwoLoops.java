package dev.recall.cache;

import dev.recall.redis.RedisCli;
import dev.recall.redis.bundled.SharedRedis;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A {@link CacheLoop} of each of two nodes for each test, on the shared, empty Redis. */
class OnTwoLoops {

  static final RedisCli REDIS = new RedisCli(SharedRedis.url());

  CacheLoop first;
  CacheLoop second;

  @BeforeEach
  void start() {
    REDIS.run("FLUSHALL");
    first = new CacheLoop("first");
    second = new CacheLoop("second");
  }

  @AfterEach
  void stop() {
    first.close();
    second.close();
  }
}
