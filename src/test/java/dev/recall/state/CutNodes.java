package dev.recall.state;

import dev.recall.redis.CuttingProxy;
import dev.recall.redis.RedisCli;
import dev.recall.redis.bundled.RedisProcess;
import dev.recall.testing.Node;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** Two nodes whose connections to Redis can be cut; it is empty before each test. */
class CutNodes {

  static RedisProcess redis;
  static CuttingProxy proxy;
  static RedisCli cli;
  private static List<Node> nodes;

  @BeforeAll
  static void start() {
    redis = new RedisProcess();
    proxy = new CuttingProxy(redis.port());
    cli = new RedisCli(redis.url());
    String flag = "redis.url=" + proxy.url();
    nodes = List.of(Node.started(flag), Node.started(flag));
  }

  @BeforeEach
  void empty() {
    cli.run("FLUSHALL");
  }

  @AfterAll
  static void stop() {
    nodes.forEach(Node::close);
    cli.close();
    proxy.close();
    redis.close();
  }

  /** The node that one of many callers asks. */
  static Node nodeOf(int caller) {
    return nodes.get(caller % nodes.size());
  }

  /** Cuts connections, some now and then and all now and then, as a caller's steps go on. */
  static void disturb(int step, int one, int all) {
    if (step % one == 0) {
      proxy.cutNext();
    }
    if (step % all == 0) {
      cli.run("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
    }
  }
}
