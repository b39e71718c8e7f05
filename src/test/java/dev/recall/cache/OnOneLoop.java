package dev.recall.cache;

import dev.recall.redis.RedisCli;
import dev.recall.redis.bundled.SharedRedis;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** One {@link CacheLoop} for each test, on the shared Redis, which is empty before it. */
class OnOneLoop {

  static final RedisCli REDIS = new RedisCli(SharedRedis.url());

  CacheLoop loop;

  @BeforeEach
  void start() {
    REDIS.run("FLUSHALL");
    loop = new CacheLoop();
  }

  @AfterEach
  void stop() {
    loop.close();
  }
}
