package dev.recall.redis.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recall.VertxFactory;
import dev.recall.redis.RedisCli;
import dev.recall.redis.bundled.RedisProcess;
import dev.recall.testing.Node;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What befalls one connection to Redis does not befall the others, nor any caller. */
class LostConnectionIT {

  private static final Pattern DATA_CONNECTION = Pattern.compile("(?m)^id=(\\d+) .* flags=N .*");

  @Test
  void counters_whenRedisAdmitsOneConnectionLessThanThereAreLoops_areAllCounted() {
    int admitted = VertxFactory.LOOPS; // the feed, and all loops but one
    try (RedisProcess redis = new RedisProcess("--maxclients", String.valueOf(admitted));
        Node node = Node.started("redis.url=" + redis.url())) {
      assertThat(IntStream.range(0, 100).map(i -> node.get("/counter/c" + i).statusCode()))
          .containsOnly(200);
      assertThat(node.meter("recall_redis_breaker")).isEqualTo(1);
      assertThat(node.manage("/health/ready").body())
          .contains("\"degraded\"")
          .contains("Redis has as many clients as it admits");
    }
  }

  @Test
  void reads_whenIdleConnectionsAreClosed_areAllAnswered() {
    try (RedisProcess redis = new RedisProcess();
        RedisCli cli = new RedisCli(redis.url());
        Node node = Node.started("redis.url=" + redis.url())) {
      for (int i = 0; i < 20; i++) {
        node.get("/v1/counters/c");
        dataConnections(cli).forEach(id -> cli.run("CLIENT", "KILL", "ID", id));

        assertThat(node.get("/v1/counters/c").statusCode()).isEqualTo(200);
      }
      assertThat(node.manage("/metrics").body()).contains("breaker{state=\"closed\"} 1.0");
    }
  }

  @Test
  void node_whenNobodyAsksIt_provesItsConnectionsAndWritesNothing() {
    try (RedisProcess redis = new RedisProcess("--appendonly", "yes");
        RedisCli cli = new RedisCli(redis.url());
        Node node = Node.started("redis.url=" + redis.url())) {
      assertThat(node.get("/counter/a").statusCode()).isEqualTo(200);
      String before = aofSize(cli);
      cli.run("CONFIG", "RESETSTAT");

      await().until(() -> cli.run("INFO", "commandstats").contains("cmdstat_publish"));

      assertThat(aofSize(cli)).isEqualTo(before);
      assertThat(dataConnections(cli)).hasSizeLessThanOrEqualTo(VertxFactory.LOOPS + 1);
    }
  }

  private static List<String> dataConnections(RedisCli cli) {
    return DATA_CONNECTION
        .matcher(cli.run("CLIENT", "LIST"))
        .results()
        .filter(client -> !client.group().contains("cmd=client"))
        .map(client -> client.group(1))
        .toList();
  }

  private static String aofSize(RedisCli cli) {
    return cli.run("INFO", "persistence")
        .lines()
        .filter(line -> line.startsWith("aof_current_size"))
        .findFirst()
        .orElse("");
  }
}
