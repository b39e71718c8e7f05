package dev.recall.testing;

import dev.recall.redis.bundled.RedisProcess;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** For each test a node, and a Redis that nobody else uses. */
public class NodeOnItsRedis {

  protected RedisProcess redis;
  protected Node node;

  @BeforeEach
  void start() {
    redis = new RedisProcess();
    node = Node.started("redis.url=" + redis.url());
  }

  @AfterEach
  void stop() {
    node.close();
    redis.close();
  }
}
