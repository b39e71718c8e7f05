package dev.recall.origin;

import static dev.recall.origin.OnOrigin.ask;
import static dev.recall.origin.OnOrigin.define;
import static dev.recall.origin.OnOrigin.path;
import static dev.recall.origin.OnOrigin.told;
import static dev.recall.origin.ScriptedOrigin.json;
import static dev.recall.origin.ScriptedOrigin.status;
import static dev.recall.testing.ProblemAssertions.assertProblem;
import static dev.recall.testing.RunningNode.header;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recall.redis.RedisCli;
import dev.recall.redis.bundled.RedisProcess;
import dev.recall.testing.Crowd;
import dev.recall.testing.Node;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an origin's answers are to two nodes that share nothing but Redis. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OriginAnswerIT {

  private final ScriptedOrigin origin = new ScriptedOrigin();
  private final RedisProcess server = new RedisProcess();
  private final RedisCli redis = new RedisCli(server.url());
  private Node first;
  private Node second;

  @BeforeAll
  void start() {
    first = Node.started("redis.url=" + server.url(), "compute.deadline=3s");
    second = Node.started("redis.url=" + server.url(), "compute.deadline=3s");
  }

  @AfterAll
  void stop() {
    first.close();
    second.close();
    redis.close();
    server.close();
    origin.close();
  }

  @BeforeEach
  void empty() {
    Node.flush(redis, first, second);
    Stream.of(first, second).forEach(node -> await().until(() -> knows(node, false)));
    origin.reset();
  }

  private static boolean knows(Node node, boolean isKnown) {
    return (node.get("/v1/computations/shop").statusCode() == 200) == isKnown;
  }

  /** Defines the computation on the first node, and waits until the second one knows. */
  private void defineOnBoth(String... pairs) {
    define(first, origin.url(), pairs);
    await().until(() -> knows(second, true));
  }

  @Test
  void get_whenEightyAskTwoNodesForAColdKey_isAskedOnce() throws InterruptedException {
    defineOnBoth();
    origin.on("x", origin.held(json("[1]")));
    List<CompletableFuture<HttpResponse<String>>> all =
        IntStream.range(0, 80)
            .mapToObj(i -> (i % 2 == 0 ? first : second).getAsync(path("x")))
            .toList();

    await().until(() -> origin.asked("x") == 1);
    origin.release(80);

    assertThat(all).allMatch(one -> told(one.join()).equals("200 [1]"));
    assertThat(origin.asked("x")).isEqualTo(1);
  }

  @Test
  void get_whenTheOriginSaysHowLong_isKeptNoLonger() {
    defineOnBoth();
    origin.on("x", json("[1]", "Cache-Control: public, max-age=30"));

    HttpResponse<String> answer = ask(first, "x");

    assertThat(header(answer, "cache-control")).isIn("max-age=30", "max-age=29");
    assertThat(redis.number("PTTL", "shop:x")).isBetween(20_000L, 30_000L);
    assertThat(told(ask(second, "x"))).isEqualTo("200 [1]");
    assertThat(origin.asked("x")).isEqualTo(1);
  }

  @Test
  void get_whenTheOriginSaysLongerThanTtl_isKeptForTtl() {
    defineOnBoth();
    origin.on("x", json("[1]", "Cache-Control: max-age=86400"));

    ask(first, "x");

    assertThat(redis.number("PTTL", "shop:x")).isBetween(50_000L, 60_000L);
  }

  @ParameterizedTest
  @ValueSource(strings = {"no-store", "NO-STORE, max-age=60", "max-age=0", "private", "no-cache"})
  void get_whenItIsNotToBeStored_isPassedOnAndNotKept(String directives) {
    defineOnBoth();
    origin.on("x", json("[1]", "Cache-Control: " + directives));

    HttpResponse<String> answer = ask(first, "x");

    assertThat(told(answer)).isEqualTo("200 [1]");
    assertThat(header(answer, "cache-control")).isEqualTo("max-age=0");
    assertThat(told(ask(second, "x"))).isEqualTo("200 [1]");
    assertThat(origin.asked("x")).isEqualTo(2);
    await().until(() -> redis.run("KEYS", "*shop:x*").equals("[]"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"404 Not Found", "410 Gone"})
  void get_whenThereIsNoSuchResult_isRememberedOnAllNodes(String line) {
    defineOnBoth("not-found-for", "30s");
    origin.on("x", status(line, "{\"secret\": \"of the origin\"}"));

    HttpResponse<String> answer = ask(first, "x");

    assertProblem(answer, 404, "no-such-result");
    assertProblem(ask(second, "x"), 404, "no-such-result");
    assertProblem(ask(first, "x"), 404, "no-such-result");
    assertThat(origin.asked("x")).isEqualTo(1);
    assertThat(redis.number("PTTL", "lease:{shop:x}:refusal")).isBetween(20_000L, 30_000L);
    assertThat(answer.body()).doesNotContain("secret");
  }

  @Test
  void get_whenItIsNotRememberedForLong_isAskedAgainAfterThat() {
    defineOnBoth("not-found-for", "300ms");
    origin.on("x", ScriptedOrigin.first(status("404 Not Found", ""), json("[1]")));

    assertProblem(ask(first, "x"), 404, "no-such-result");

    await().until(() -> ask(second, "x").statusCode() == 200);
    assertThat(origin.asked("x")).isEqualTo(2);
  }

  @Test
  void get_whenManyAreNotFound_keepsItsConnection() {
    defineOnBoth();
    origin.otherwise(status("404 Not Found", "{\"detail\": \"none\"}"));
    int before = origin.connections();

    IntStream.range(0, 40).forEach(i -> ask(first, "input" + i));

    assertThat(origin.asked()).isEqualTo(40);
    assertThat(origin.connections() - before).isLessThanOrEqualTo(4); // one for each event loop
  }

  @Test
  void get_whenAStaleResultIsGoneAtTheOrigin_isNotFoundAndForgotten() {
    defineOnBoth("stale-for", "60s");
    redis.run("SET", "shop:x", "[1]", "PX", "50000");
    origin.on("x", status("404 Not Found", ""));

    assertProblem(ask(first, "x"), 404, "no-such-result");

    await().until(() -> redis.number("EXISTS", "shop:x") == 0);
  }

  @Test
  void get_whenSomethingStaleIsThereAndTheOriginFails_isTriedAtMostOnceASecond() {
    defineOnBoth("stale-for", "60s");
    redis.run("SET", "shop:x", "[1]", "PX", "50000");
    origin.on("x", status("500 Oops", ""));
    long begun = System.nanoTime();

    int asked = 0;
    while (origin.asked("x") < 3) {
      assertThat(told(ask(asked++ % 2 == 0 ? first : second, "x"))).isEqualTo("200 [1]");
    }

    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofMillis(1_900));
    assertThat(asked).isGreaterThan(10);
  }

  @ParameterizedTest
  @CsvSource({"429 Too Many, 30, 30", "503 Busy, 30, 30", "503 Busy, 99999999999999, 3600"})
  void get_whenTheOriginWantsToBeAskedLater_isLeftInPeace(String line, String after, String told) {
    defineOnBoth();
    origin.on("x", status(line, "", "Retry-After: " + after));

    HttpResponse<String> answer = ask(first, "x");
    HttpResponse<String> another = ask(first, "y");
    HttpResponse<String> elsewhere = ask(second, "x");

    assertProblem(answer, 503, "try-later");
    assertThat(header(answer, "retry-after")).isEqualTo(told);
    assertProblem(another, 503, "overloaded");
    assertThat(Integer.parseInt(header(another, "retry-after"))).isBetween(25, 3600);
    assertProblem(elsewhere, 503, "try-later");
    assertThat(origin.asked()).isEqualTo(1);
  }

  @Test
  void get_whenTheTimeIsADate_isLeftInPeaceUntilThen() {
    defineOnBoth();
    origin.on(
        "x",
        status(
            "503 Busy",
            "",
            "Date: Sun, 06 Nov 1994 08:49:37 GMT",
            "Retry-After: Sun, 06 Nov 1994 08:50:07 GMT"));

    assertThat(header(ask(first, "x"), "retry-after")).isEqualTo("30");
  }

  @Test
  void get_whenTheOriginIsWellAgain_isAskedAgain() {
    defineOnBoth();
    origin.on("x", ScriptedOrigin.first(status("503 Busy", "", "Retry-After: 1"), json("[1]")));

    assertProblem(ask(first, "x"), 503, "try-later");

    await().until(() -> ask(first, "x").statusCode() == 200);
    assertThat(origin.asked("x")).isEqualTo(2);
  }

  @Test
  void get_whenThreeMakersRanOutOfTime_isRefusedOnAllNodesAndNotAskedFor() {
    defineOnBoth("timeout", "100ms");
    origin.on("x", origin.hang());

    for (Node node : List.of(first, second, first)) {
      assertProblem(ask(node, "x"), 504, "timed-out");
    }

    assertProblem(ask(second, "x"), 503, "poisoned");
    HttpResponse<String> refused = ask(first, "x");
    assertProblem(refused, 503, "poisoned");
    assertThat(Integer.parseInt(header(refused, "retry-after"))).isBetween(25, 30);
    assertThat(origin.asked("x")).isEqualTo(3);
    assertThat(told(ask(first, "y"))).isEqualTo("200 {}");
  }

  @Test
  void get_whenAMakerSucceededMeanwhile_countsThoseWhoRanOutOfTimeAnew() {
    defineOnBoth("timeout", "100ms");
    origin.on(
        "x",
        ScriptedOrigin.first(
            origin.hang(), origin.hang(), json("[1]"), origin.hang(), origin.hang(), json("[2]")));

    assertProblem(ask(first, "x"), 504, "timed-out");
    assertProblem(ask(second, "x"), 504, "timed-out");
    assertThat(told(ask(first, "x"))).isEqualTo("200 [1]");
    assertThat(redis.number("EXISTS", "lease:{shop:x}:tries")).isZero();
    redis.run("DEL", "shop:x");
    await().until(() -> ask(first, "x").statusCode() == 504);
    assertProblem(ask(second, "x"), 504, "timed-out");
    assertThat(told(ask(second, "x"))).isEqualTo("200 [2]");
  }

  @Test
  void get_whenTheOriginIsNotAskedSinceItIsBusy_countsNobodyAsDeadOfTheInput() {
    defineOnBoth("timeout", "100ms", "max-in-flight", "1");
    origin.on("x", ScriptedOrigin.first(origin.hang(), origin.hang(), json("[1]")));
    origin.on("busy", origin.held(json("[0]")));

    assertProblem(ask(first, "x"), 504, "timed-out");
    assertProblem(ask(first, "x"), 504, "timed-out");
    define(first, origin.url(), "timeout", "3s", "max-in-flight", "1");
    CompletableFuture<HttpResponse<String>> busy = first.getAsync(path("busy"));
    await().until(() -> origin.asked("busy") == 1);
    for (int i = 0; i < 5; i++) {
      assertProblem(ask(first, "x"), 503, "overloaded");
    }
    await().until(() -> redis.run("GET", "lease:{shop:x}:tries").equals("2"));

    origin.release(1);
    assertThat(told(busy.join())).isEqualTo("200 [0]");
    await().until(() -> ask(first, "x").statusCode() == 200);
  }

  @Test
  void get_whenItIsAskedForMuch_refusesMoreThanMayBeInFlight() throws InterruptedException {
    defineOnBoth("max-in-flight", "2");
    String full = "recall_origin_requests_seconds_count{computation=\"shop\",outcome=\"full\"}";
    double before = first.meter(full);
    origin.otherwise(origin.held(json("[1]")));
    List<CompletableFuture<HttpResponse<String>>> taken =
        Stream.of("a", "b").map(input -> first.getAsync(path(input))).toList();
    await().until(() -> origin.asked() == 2);

    HttpResponse<String> refused = ask(first, "c");
    CompletableFuture<HttpResponse<String>> elsewhere = second.getAsync(path("d"));
    await().until(() -> origin.asked() == 3);
    origin.release(3);

    assertProblem(refused, 503, "overloaded");
    assertThat(header(refused, "retry-after")).isEqualTo("1");
    assertThat(taken).allMatch(one -> told(one.join()).equals("200 [1]"));
    assertThat(told(elsewhere.join())).isEqualTo("200 [1]");
    assertThat(first.meter(full)).isEqualTo(before + 1);
  }

  @Test
  void get_whenTheOriginKeepsFailing_isNotAskedForAWhileAndThenServesAgain() {
    defineOnBoth();
    origin.otherwise(status("500 Oops", ""));

    List<String> answers =
        IntStream.range(0, 12).mapToObj(i -> told(ask(first, "input" + i))).toList();

    assertThat(answers.subList(0, 10)).containsOnly("502 the origin answers 500");
    assertThat(answers.subList(10, 12))
        .containsOnly("503 the origin has failed of late; it is tried again shortly");
    assertThat(origin.asked()).isEqualTo(10);
    assertThat(first.meter("recall_origin_breaker{computation=\"shop\",state=\"open\"}")).isOne();
    origin.otherwise(json("[1]"));
    await().until(() -> ask(first, "another").statusCode() == 200);
  }

  @Test
  void get_whateverItIsAskedFor_tellsTheOriginWhoAsksAndTheTrace() {
    defineOnBoth("media-type", "application/json; v=1", "version", "7");
    String trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    ask(first, "x", "traceparent", trace, "Cookie", "mine", "Authorization", "Bearer mine");

    ScriptedOrigin.Asked asked = origin.last();
    assertThat(asked.header("traceparent")).isEqualTo(trace);
    assertThat(asked.header("x-request-id")).matches("[0-9a-f]{16}");
    assertThat(asked.header("accept")).isEqualTo("application/json; v=1");
    assertThat(asked.header("accept-encoding")).isEqualTo("identity");
    assertThat(asked.headers())
        .containsOnlyKeys("host", "accept", "accept-encoding", "traceparent", "x-request-id");
  }

  @Test
  void get_whenRedisIsAway_isAskedOnceByEachNode() throws InterruptedException {
    defineOnBoth();
    origin.on("x", origin.held(json("[1]")));
    server.freeze();
    try {
      Stream.of(first, second).forEach(OriginAnswerIT::awaitAlone);
      double joined = joined();
      CompletableFuture<?> released =
          CompletableFuture.runAsync(
              () -> {
                await().until(() -> joined() == joined + 38 && origin.asked("x") == 2);
                origin.release(80);
              });

      Crowd.of(
          40,
          who -> assertThat(told(ask(who % 2 == 0 ? first : second, "x"))).isEqualTo("200 [1]"));

      released.join();
      assertThat(origin.asked("x")).isEqualTo(2);
    } finally {
      server.thaw();
      Stream.of(first, second).forEach(OriginAnswerIT::awaitReady);
    }
  }

  private double joined() {
    String meter = "recall_cache_joined_total";
    return first.meter(meter) + second.meter(meter);
  }

  private static void awaitAlone(Node node) {
    await()
        .until(
            () -> Node.cacheStatus(ask(node, "alone-" + System.nanoTime())).contains("degraded"));
  }

  private static void awaitReady(Node node) {
    await()
        .until(
            () -> !Node.cacheStatus(ask(node, "ready-" + System.nanoTime())).contains("degraded"));
  }
}
