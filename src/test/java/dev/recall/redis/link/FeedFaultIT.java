package dev.recall.redis.link;

import static dev.recall.testing.Node.cacheStatus;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recall.redis.MutingProxy;
import dev.recall.redis.RedisCli;
import dev.recall.redis.bundled.RedisProcess;
import dev.recall.testing.Node;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The connection that tells of changes is cut, frozen, or deaf without a sign. */
class FeedFaultIT {

  private static final String PATH = "/cache/calculate/10";

  /** Within which a copy that is out of date is given up, and the near cache is back. */
  private static final Duration A_SECOND_AND_A_BIT = Duration.ofMillis(1_500);

  private RedisProcess redis;
  private MutingProxy proxy;
  private RedisCli cli;
  private Node node;

  @BeforeEach
  void start() {
    redis = new RedisProcess();
    proxy = new MutingProxy(redis.port());
    cli = new RedisCli(redis.url());
    node = Node.started("redis.url=" + proxy.url());
    node.near(PATH);
  }

  @AfterEach
  void stop() {
    node.close();
    cli.close();
    proxy.close();
    redis.close();
  }

  @Test
  void get_whenItsConnectionsAreKilled_answersNoOldCopyAndIsSoonNearAgain() {
    for (int i = 0; i < 5; i++) {
      double given = givenUp();
      cli.run("EVAL", "redis.call('SET', 'fib:10', ARGV[1])", "0", "7" + i);
      node.near(PATH);
      killAll();
      cli.run("SET", "fib:10", "8" + i);

      String changed = "\"result\":8" + i;
      await().atMost(A_SECOND_AND_A_BIT).until(() -> node.get(PATH).body().contains(changed));
      assertThat(node.near(PATH).body()).contains(changed);
      assertThat(givenUp()).isGreaterThan(given);
    }
  }

  @Test
  void get_whenRedisIsFrozen_bypassesTheNearCacheUntilItIsBack() {
    redis.freeze();

    await().atMost(A_SECOND_AND_A_BIT).until(() -> node.meter("recall_cache_near_bypassed") == 1);
    assertThat(cacheStatus(node.get(PATH)))
        .isEqualTo(
            "recall-redis; fwd=miss; detail=degraded, recall-near; fwd=bypass; detail=degraded");

    redis.thaw();
    await().atMost(A_SECOND_AND_A_BIT).until(() -> node.meter("recall_cache_near_bypassed") == 0);
    node.near(PATH);
  }

  @Test
  void get_whenRedisIsRestartedWithAnotherValue_answersThat() {
    redis.kill();
    await().atMost(A_SECOND_AND_A_BIT).until(() -> node.meter("recall_cache_near_bypassed") == 1);
    redis.restart();
    await().ignoreExceptions().until(() -> cli.run("SET", "fib:10", "77").equals("OK"));

    await().atMost(A_SECOND_AND_A_BIT).until(() -> node.get(PATH).body().contains("77"));
    assertThat(node.near(PATH).body()).contains("77");
  }

  @Test
  void get_whenChangesAreSwallowedWithoutASign_answersNoOldCopyForLong() {
    proxy.mute(true);
    cli.run("SET", "fib:10", "77");

    await().atMost(A_SECOND_AND_A_BIT).until(() -> node.get(PATH).body().contains("77"));
    assertThat(cacheStatus(node.get(PATH))).endsWith("recall-near; fwd=bypass; detail=degraded");

    proxy.mute(false);
    node.near(PATH);
  }

  @Test
  void get_whenAReconnectionIsCutShort_isSoonNearAgain() {
    proxy.mute(true);
    killAll();
    await().atMost(A_SECOND_AND_A_BIT).until(() -> trackingClients() > 0);

    proxy.mute(false);

    await()
        .atMost(Duration.ofSeconds(4))
        .until(() -> node.meter("recall_cache_near_bypassed") == 0);
    node.near(PATH);
  }

  @Test
  void get_whenARefreshIsDueAndRedisTakesNoWrites_computesNothing() {
    try (Node refreshing = Node.started("redis.url=" + redis.url(), "cache.refresh-ahead=50")) {
      cli.run("SET", "fib:12", "144", "PX", "100000");
      cli.run("CONFIG", "SET", "maxmemory", "1");
      double computed = refreshing.meter("recall_cache_computed_total");

      for (int i = 0; i < 50; i++) {
        assertThat(refreshing.get("/cache/calculate/12").body())
            .contains("144,\"source\":\"cache\"");
      }

      assertThat(refreshing.meter("recall_cache_computed_total")).isEqualTo(computed);
      assertThat(refreshing.meter("recall_cache_refreshed_total")).isBetween(1.0, 3.0);
    }
  }

  @Test
  void get_whenAnotherComputesAndChangesGoUnheard_looksForItsResultNowAndThen() {
    proxy.mute(true);
    await().atMost(A_SECOND_AND_A_BIT).until(() -> node.meter("recall_cache_near_bypassed") == 1);
    cli.run("SET", "lease:{fib:11}", "of-another-node", "PX", "600000");
    CompletableFuture<HttpResponse<String>> waiting = node.getAsync("/cache/calculate/11");
    await().until(() -> node.meter("recall_cache_flights") == 1);

    cli.run("SET", "fib:11", "89");

    assertThat(waiting.join().body()).contains("89,\"source\":\"cache\"");
  }

  @Test
  void delete_whenRedisHasNoMemoryLeft_removesAllTheSame() {
    cli.run("CONFIG", "SET", "maxmemory", "1");

    assertThat(node.send("DELETE", "/v1/cache/fib/10", "").statusCode()).isEqualTo(204);
    assertThat(cli.run("EXISTS", "fib:10")).isEqualTo("0");
    assertThat(node.send("DELETE", "/v1/cache/fib", "").statusCode()).isEqualTo(200);
  }

  private void killAll() {
    cli.run("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
    cli.run("CLIENT", "KILL", "TYPE", "pubsub");
  }

  private double givenUp() {
    return node.meter("recall_cache_evictions_total{cause=\"unheard\"}");
  }

  private long trackingClients() {
    return cli.run("CLIENT", "LIST")
        .lines()
        .filter(client -> client.matches(".* flags=P?tB .*"))
        .count();
  }
}
