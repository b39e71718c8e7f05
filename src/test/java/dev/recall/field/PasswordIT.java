package dev.recall.field;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recall.redis.RedisCli;
import dev.recall.redis.bundled.RedisProcess;
import dev.recall.testing.NodeProcess;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A Redis that is given a password while a node works that has none. */
class PasswordIT {

  private static final String WHY = "Redis asks for a password";

  private RedisProcess redis;
  private NodeProcess node;

  @BeforeEach
  void start() throws Exception {
    redis = new RedisProcess();
    node = NodeProcess.likeRunSh().started("--redis.url=" + redis.url());
    assertThat(node.get("/counter/a").statusCode()).isEqualTo(200);
  }

  @AfterEach
  void stop() {
    node.close();
    redis.close();
  }

  @Test
  void node_whenRedisWantsAPassword_saysSoEverywhereAndHealsWhenItNoLongerDoes() throws Exception {
    try (RedisCli open = new RedisCli(redis.url())) {
      open.run("CONFIG", "SET", "requirepass", "x");
    }
    try (RedisCli cli = new RedisCli(redis.url().replace("//", "//:x@"))) {
      cli.run("CLIENT", "KILL", "TYPE", "normal");
      cli.run("CLIENT", "KILL", "TYPE", "pubsub");
      await().until(() -> node.get("/counter/a").body().contains(WHY));
      await().until(() -> node.output().contains("(changes of keys)"));
      // Through some attempts to connect, each refused.
      for (int i = 0; i < 30; i++) {
        HttpResponse<String> answer = node.get("/counter/a");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
        assertThat(answer.body()).contains("urn:recall:redis-unavailable").contains(WHY);
        assertThat(node.manage("/health/ready")).contains("\"redis\",\"status\":\"down\"", WHY);
      }
      assertThat(toldOf(WHY)).isPositive().isEqualTo(toldDistinctly(WHY));

      cli.run("CONFIG", "SET", "requirepass", "");

      await()
          .atMost(Duration.ofSeconds(10))
          .until(() -> node.get("/counter/a").statusCode() == 200);
      await()
          .atMost(Duration.ofSeconds(15))
          .untilAsserted(
              () -> assertThat(node.manage("/health/ready")).startsWith("{\"status\":\"ready\""));
    }
  }

  private long toldOf(String text) throws IOException {
    return node.output().lines().filter(line -> line.contains(text)).count();
  }

  /** The same, without what is told again of the same connection. */
  private long toldDistinctly(String text) throws IOException {
    return node.output()
        .lines()
        .filter(line -> line.contains(text))
        .map(line -> line.substring(line.indexOf(text)))
        .distinct()
        .count();
  }
}
