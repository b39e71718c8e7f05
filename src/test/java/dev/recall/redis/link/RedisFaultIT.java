package dev.recall.redis.link;

import static dev.recall.testing.ProblemAssertions.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.recall.Application;
import dev.recall.config.BadSettings;
import dev.recall.redis.RedisCli;
import dev.recall.redis.bundled.RedisProcess;
import dev.recall.testing.Node;
import dev.recall.testing.Node.Timed;
import dev.recall.testing.NodeOnItsRedis;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A real Redis that is killed, frozen, restarted, absent or unwilling. */
class RedisFaultIT extends NodeOnItsRedis {

  private static final Duration BACK_WITHIN = Duration.ofSeconds(2);

  @Test
  void calculate_whenRedisIsKilled_keepsAnsweringWhatItComputes() {
    node.get("/cache/calculate/10");
    redis.kill();

    for (int i = 0; i < 5; i++) {
      assertThat(node.get("/cache/calculate/10").body())
          .isEqualTo("{\"n\":10,\"result\":55,\"source\":\"database\"}");
    }
  }

  @Test
  void calculate_whenRedisIsFrozen_keepsAnsweringWhatItComputes() {
    node.get("/cache/calculate/10");
    redis.freeze();

    for (int i = 0; i < 5; i++) {
      assertThat(node.get("/cache/calculate/10").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void counter_whenRedisIsKilled_refusesInTimeAndThenAtOnce() {
    redis.kill();

    assertRefusesInTimeAndThenAtOnce();
  }

  @Test
  void counter_whenRedisIsFrozen_refusesInTimeAndThenAtOnce() {
    node.get("/counter/a");
    redis.freeze();

    assertRefusesInTimeAndThenAtOnce();
  }

  @Test
  void counter_whenRedisIsAway_tellsWhenToTryAgain() {
    redis.kill();

    var answer = node.get("/counter/a");

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("retry-after")).hasValue("1");
    assertThat(answer.headers().firstValue("content-type")).hasValue("application/problem+json");
  }

  @Test
  void routes_whenRedisIsBackAfterAKill_areBackByThemselves() {
    redis.kill();
    awaitOpenBreaker();
    redis.restart();

    assertBack();
  }

  @Test
  void routes_whenRedisIsBackAfterAFreeze_areBackByThemselves() {
    node.get("/counter/a");
    redis.freeze();
    awaitOpenBreaker();
    redis.thaw();

    assertBack();
  }

  @Test
  void counter_whenAFrozenRedisAnswersLate_givesNobodyAnothersReply() {
    IntStream.range(0, 8).forEach(i -> node.get("/counter/id" + i));
    redis.freeze();
    CompletableFuture.allOf(
            IntStream.range(0, 64)
                .mapToObj(i -> node.getAsync("/counter/late" + i))
                .toArray(CompletableFuture[]::new))
        .join();
    redis.thaw();
    await().atMost(BACK_WITHIN).until(() -> node.get("/counter/again").statusCode() == 200);

    for (int i = 0; i < 8; i++) {
      assertThat(node.get("/counter/id" + i).body())
          .isEqualTo("{\"user_id\":\"id" + i + "\",\"visits\":2}");
    }
  }

  @Test
  void counter_whenItsConnectionIsKilled_countsOnOverANewOne() {
    node.get("/counter/a");
    try (RedisCli cli = new RedisCli(redis.url())) {
      cli.run("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
    }

    await().atMost(BACK_WITHIN).until(() -> node.get("/counter/a").statusCode() == 200);
  }

  @Test
  void node_whenRedisIsAbsentAtTheStart_startsDegradedAndRecovers() {
    redis.kill();
    try (Node alone = Node.started("redis.url=" + redis.url())) {
      assertThat(alone.get("/cache/calculate/10").statusCode()).isEqualTo(200);
      assertThat(alone.manage("/health/ready").body()).contains("\"status\":\"degraded\"");
      redis.restart();
      await().atMost(BACK_WITHIN).until(() -> alone.get("/counter/a").statusCode() == 200);
    }
  }

  @Test
  void node_whenThePasswordIsWrong_doesNotStartAndSaysWhy() {
    try (RedisProcess locked = new RedisProcess("--requirepass", "right")) {
      String wrong = locked.url().replace("//", "//:wrong@");
      Application refused = Node.prepared("redis.url=" + wrong).application();

      assertThatThrownBy(() -> Node.await(refused.start()))
          .hasRootCauseInstanceOf(BadSettings.class)
          .hasMessageContaining("redis.url: the server answers WRONGPASS")
          .hasMessageNotContaining("wrong@");
    }
  }

  @Test
  void node_whenThePasswordIsMissing_doesNotStartAndSaysWhy() {
    try (RedisProcess locked = new RedisProcess("--requirepass", "right")) {
      Application refused = Node.prepared("redis.url=" + locked.url()).application();

      assertThatThrownBy(() -> Node.await(refused.start()))
          .hasMessageContaining("redis.url: the server answers NOAUTH");
    }
  }

  @Test
  void node_whenTheDatabaseIsNone_doesNotStartAndSaysWhy() {
    Application refused = Node.prepared("redis.url=" + redis.url() + "/99").application();

    assertThatThrownBy(() -> Node.await(refused.start()))
        .hasMessageContaining("redis.url: the server answers ERR DB index is out of range");
  }

  @Test
  void node_whenTheUrlHasPasswordAndDatabase_usesThem() {
    try (RedisProcess locked = new RedisProcess("--requirepass", "p@ss");
        Node guest = Node.started("redis.url=" + locked.url().replace("//", "//:p%40ss@") + "/3");
        RedisCli cli = new RedisCli(locked.url().replace("//", "//:p%40ss@") + "/3")) {
      guest.get("/counter/a");

      assertThat(cli.run("GET", "counter:a")).isEqualTo("1");
    }
  }

  @Test
  void routes_whenRedisHasNoMemory_refuseClearlyAndHalfWriteNothing() {
    try (RedisCli cli = new RedisCli(redis.url())) {
      node.get("/cache/calculate/10");
      cli.run("CONFIG", "SET", "maxmemory", "1");

      assertProblem(node.get("/counter/a"), 503, "redis-unavailable");
      assertThat(node.get("/counter/a").body()).contains("Redis has no memory left");
      assertThat(node.get("/cache/calculate/10").body()).contains("\"cache\"");
      assertThat(node.get("/cache/calculate/11").body()).contains("89,\"source\":\"database\"");
      assertThat(cli.run("EXISTS", "counter:a", "fib:11")).isEqualTo("0");
    }
  }

  @Test
  void writes_whenRedisBecomesAReplica_areRefusedClearlyOverConnectionsThatAreRenewed() {
    try (RedisCli cli = new RedisCli(redis.url())) {
      node.get("/cache/calculate/10");
      Set<String> before = clientIds(cli);
      cli.run("REPLICAOF", "127.0.0.1", "1");

      assertThat(node.get("/counter/a").body()).contains("Redis is a read-only replica");
      assertThat(node.get("/example").body()).contains("Redis is a read-only replica");
      assertThat(node.get("/cache/calculate/10").body()).contains("\"cache\"");

      await().until(() -> !clientIds(cli).containsAll(before));
      cli.run("REPLICAOF", "NO", "ONE");
      await().atMost(BACK_WITHIN).until(() -> node.get("/counter/a").statusCode() == 200);
    }
  }

  private static Set<String> clientIds(RedisCli cli) {
    return Pattern.compile("(?m)^id=(\\d+) ")
        .matcher(cli.run("CLIENT", "LIST"))
        .results()
        .map(match -> match.group(1))
        .collect(Collectors.toSet());
  }

  private void assertRefusesInTimeAndThenAtOnce() {
    List<Timed> first = IntStream.range(0, 8).mapToObj(i -> node.timed("/counter/a")).toList();
    assertThat(first).allMatch(answer -> answer.status() == 503);
    // The median: a busy machine may keep one answer waiting, a wrong deadline all of them.
    long median =
        first.stream().mapToLong(Timed::millis).sorted().skip(4).findFirst().orElseThrow();
    assertThat(median).isLessThanOrEqualTo(300);

    awaitOpenBreaker();
  }

  private void awaitOpenBreaker() {
    await()
        .atMost(Duration.ofSeconds(3))
        .until(
            () ->
                IntStream.range(0, 5)
                    .mapToObj(i -> node.timed("/counter/a"))
                    .allMatch(answer -> answer.status() == 503 && answer.millis() <= 20));
  }

  private void assertBack() {
    await().atMost(BACK_WITHIN).until(() -> node.get("/counter/back").statusCode() == 200);
    await()
        .atMost(BACK_WITHIN)
        .until(() -> node.get("/cache/calculate/12").body().contains("\"cache\""));
  }
}
