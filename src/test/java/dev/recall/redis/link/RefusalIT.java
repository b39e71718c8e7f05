package dev.recall.redis.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recall.redis.RedisCli;
import dev.recall.redis.bundled.RedisProcess;
import dev.recall.testing.Node;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A Redis that answers, and refuses some of what it is asked: that alone fails, and is told. */
class RefusalIT {

  private static final List<String> OF_TESTS = List.of("~held:*", "~reversed:*");

  /** All that a node needs, as README has it, and the keys of the computations that tests add. */
  private static final List<String> RULES = rules();

  private RedisProcess redis;
  private RedisCli cli;

  private static List<String> rules() {
    String before = "user recall on >PASSWORD resetkeys resetchannels -@all ";
    try (Stream<String> lines = Files.lines(Path.of("README.md"))) {
      return lines
          .filter(line -> line.contains(before))
          .map(line -> line.substring(line.indexOf(before) + before.length()))
          .flatMap(rule -> Stream.concat(Stream.of(rule.split(" ")), OF_TESTS.stream()))
          .toList();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  @BeforeEach
  void start() {
    redis = new RedisProcess();
    cli = new RedisCli(redis.url());
  }

  @AfterEach
  void stop() {
    cli.close();
    redis.close();
  }

  @Test
  void node_withTheSmallestRules_doesEverythingAndIsReady() {
    try (Node node =
        Node.started(
            "redis.url=" + permit(""),
            "rate-limits.api.limit=1000/second",
            "rate-limits.api.groups=counters")) {
      useEverything(node);

      node.near("/cache/calculate/10");
      assertThat(node.manage("/health/ready").body()).startsWith("{\"status\":\"ready\"");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "~fib:*",
        "~lease:*",
        "~counter:*",
        "~answer:*",
        "~state:*",
        "~lock:*",
        "~fence:*",
        "~rate:*",
        "~recall:*",
        "~test_key",
        "~key",
        "&recall:canary:*",
        "+multi",
        "+exec",
        "+get",
        "+getrange",
        "+mget",
        "+pttl",
        "+set",
        "+unlink",
        "+scan",
        "+evalsha",
        "+incrby",
        "+pexpire",
        "+hget",
        "+hgetall",
        "+hmget",
        "+hset",
        "+hdel",
        "+hincrby",
        "+exists",
        "+rename",
        "+time",
        "+del",
        "+client|tracking",
        "+publish",
        "+subscribe",
        "+info"
      })
  void ready_whenOneRuleIsTakenAway_saysWhatIsRefused(String rule) {
    try (Node node =
        Node.started(
            "redis.url=" + permit(rule),
            "rate-limits.api.limit=1000/second",
            "rate-limits.api.groups=counters")) {
      useEverything(node);

      await()
          .untilAsserted(
              () ->
                  assertThat(node.manage("/health/ready").body())
                      .startsWith("{\"status\":\"degraded\"")
                      .contains("redis-refusals"));
      assertThat(node.meter("recall_redis_refused_total")).isPositive();
      assertThat(node.meter("recall_redis_refusals")).isPositive();
    }
  }

  @Test
  void counters_whenAnotherCallersDocumentIsRefused_areAllCounted() {
    try (Node node = Node.started("redis.url=" + permit("~state:*"))) {
      List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
      List<CompletableFuture<HttpResponse<String>>> refused = new ArrayList<>();
      IntStream.range(0, 300)
          .forEach(
              i -> {
                all.add(node.getAsync("/counter/c" + i % 7));
                refused.add(node.getAsync("/v1/state/session/k" + i));
              });

      assertThat(all).allMatch(answer -> answer.join().statusCode() == 200);
      assertThat(refused).allMatch(answer -> answer.join().statusCode() == 503);
      assertThat(node.get("/v1/state/session/k").body())
          .contains("Redis denies this user the command or its key: EVAL")
          .contains(" on state:*");
    }
  }

  @Test
  void counters_inClusterMode_areAllCountedAndLocksFailClearly() {
    try (RedisProcess shard = RedisProcess.inClusterMode();
        RedisCli operator = new RedisCli(shard.url())) {
      operator.run(
          "CLUSTER",
          Stream.concat(Stream.of("ADDSLOTS"), IntStream.range(0, 16_384).mapToObj(String::valueOf))
              .toArray(String[]::new));
      await().until(() -> operator.run("CLUSTER", "INFO").contains("cluster_state:ok"));
      try (Node node = Node.started("redis.url=" + shard.url())) {
        IntStream.range(0, 20).forEach(i -> node.get("/counter/c" + i));
        List<CompletableFuture<HttpResponse<String>>> all =
            IntStream.range(0, 100).mapToObj(i -> node.getAsync("/counter/c" + i)).toList();

        assertThat(all)
            .allSatisfy(
                answer ->
                    assertThat(answer.join().statusCode()).as(answer.join().body()).isEqualTo(200));
        HttpResponse<String> lock = node.sendJson("POST", "/v1/locks/l", "{}");
        assertThat(lock.statusCode()).isEqualTo(503);
        assertThat(lock.body()).contains("Redis runs in cluster mode");
      }
    }
  }

  @Test
  void get_whenChangesAreNotToldOfAtAll_isComputedOnceByTwoNodes() {
    String url = permit("+client|tracking");
    try (Node first = Node.started("redis.url=" + url);
        Node second = Node.started("redis.url=" + url)) {
      for (int i = 20; i < 30; i++) {
        CompletableFuture<?> one = first.getAsync("/cache/calculate/" + i);
        second.get("/cache/calculate/" + i);
        one.join();
      }

      assertThat(
              first.meter("recall_cache_computed_total")
                  + second.meter("recall_cache_computed_total"))
          .isEqualTo(10);
    }
  }

  @Test
  void ready_whenARefusalEnds_isReadyAgain() {
    try (Node node = Node.started("redis.url=" + permit("~counter:*"))) {
      assertThat(node.get("/counter/a").statusCode()).isEqualTo(503);
      assertThat(node.manage("/health/ready").body()).contains("EVALSHA on counter:*");

      cli.run("ACL", "SETUSER", "node", "~counter:*");

      assertThat(node.get("/counter/a").statusCode()).isEqualTo(200);
      await()
          .untilAsserted(
              () ->
                  assertThat(node.manage("/health/ready").body())
                      .startsWith("{\"status\":\"ready\""));
    }
  }

  @Test
  void ready_whenRedisEvictsKeys_saysSo() {
    cli.run("CONFIG", "SET", "maxmemory", "100mb");
    cli.run("CONFIG", "SET", "maxmemory-policy", "allkeys-lru");
    try (Node node = Node.started("redis.url=" + redis.url())) {
      await()
          .atMost(Duration.ofSeconds(5))
          .untilAsserted(
              () ->
                  assertThat(node.manage("/health/ready").body())
                      .contains("redis-eviction")
                      .contains("maxmemory-policy is allkeys-lru"));
    }
  }

  /** The URL of a user with all rules but one. */
  private String permit(String missing) {
    List<String> acl =
        new ArrayList<>(List.of("SETUSER", "node", "reset", "resetchannels", "on", ">secret"));
    RULES.stream().filter(rule -> !rule.equals(missing)).forEach(acl::add);
    cli.run("ACL", acl.toArray(String[]::new));
    return redis.url().replace("//", "//node:secret@");
  }

  private static void useEverything(Node node) {
    String json = "{\"a\":1}";
    for (int i = 0; i < 3; i++) {
      node.get("/cache/calculate/1" + i);
      node.get("/example");
      node.get("/redis-test");
      node.sendJson("POST", "/v1/cache/fib", "{\"inputs\":[\"5\",\"6\"]}");
      node.send("DELETE", "/v1/cache/fib/5", "");
      node.send("DELETE", "/v1/cache/fib", "");
      node.get("/counter/a");
      node.sendJson("POST", "/v1/counters/a", "{\"by\":1}", "idempotency-key", "k" + i);
      node.get("/v1/counters/a");
      node.send("DELETE", "/v1/counters/a", "");
      node.sendJson("PUT", "/v1/state/session/s" + i, json, "if-none-match", "*");
      node.get("/v1/state/session/s" + i);
      node.send("POST", "/v1/state/session/s" + i + "/rotate", "");
      node.send("DELETE", "/v1/state/session/none", "", "if-match", "*");
      HttpResponse<String> held = node.sendJson("POST", "/v1/locks/l" + i, "{}");
      node.sendJson("POST", "/v1/locks/l" + i, "{}"); // somebody has it
      String token = held.body().replaceFirst("(?s).*\"token\":\"([^\"]*)\".*", "$1");
      node.sendJson("PUT", "/v1/locks/l" + i, "{}", "if-match", "\"" + token + "\"");
      node.sendJson(
          "PUT",
          "/v1/state/config/c" + i,
          json,
          "if-none-match",
          "*",
          "lock-fence",
          "l" + i + ";1");
      node.send("DELETE", "/v1/locks/l" + i, "", "if-match", "\"" + token + "\"");
    }
  }
}
