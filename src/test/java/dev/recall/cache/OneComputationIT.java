package dev.recall.cache;

import static dev.recall.testing.Node.cacheStatus;
import static dev.recall.testing.ProblemAssertions.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recall.compute.Held;
import dev.recall.compute.Refusing;
import dev.recall.testing.Node;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two nodes that share nothing but Redis compute each result once, and forget it when told to. */
class OneComputationIT extends TwoNodes {

  OneComputationIT() {
    super(List.of("cache.lease=400ms"), List.of("compute.deadline=3s"));
  }

  @Test
  void get_whenAnotherNodeComputes_waitsForItsResult() throws Exception {
    double computed = computedByBoth();
    CompletableFuture<HttpResponse<String>> leader = first.getAsync(X);
    Held.awaitBegun();
    CompletableFuture<HttpResponse<String>> waiting = waiting(second, X);

    Held.release(1);

    assertThat(leader.join().body()).contains("\"database\"");
    assertThat(cacheStatus(leader.join()))
        .isEqualTo("recall-redis; fwd=miss; stored, recall-near; fwd=miss");
    assertThat(waiting.join().body()).contains("held x").contains("\"cache\"");
    assertThat(cacheStatus(waiting.join()))
        .contains("recall-redis; fwd=miss")
        .contains("collapsed");
    assertThat(computedByBoth()).isEqualTo(computed + 1);
    assertThat(Held.begun()).isZero();
    assertThat(redis.run("KEYS", "*")).isEqualTo("[held:x]");
  }

  @Test
  void get_whenAThousandAskTwoNodesForAColdKey_exactlyOneComputes() throws Exception {
    double computed = computedByBoth();

    List<CompletableFuture<HttpResponse<String>>> all =
        IntStream.range(0, 1000).mapToObj(i -> (i % 2 == 0 ? first : second).getAsync(X)).toList();
    Held.awaitBegun();
    Held.release(1);
    List<String> bodies =
        all.stream().map(CompletableFuture::join).map(HttpResponse::body).toList();

    assertThat(bodies).filteredOn(body -> body.endsWith("\"database\"}")).hasSize(1);
    assertThat(bodies).filteredOn(body -> body.endsWith("\"cache\"}")).hasSize(999);
    assertThat(computedByBoth()).isEqualTo(computed + 1);
    assertThat(Held.begun()).isZero();
  }

  @Test
  void get_whenTheHolderHasDied_waitsForTheEndOfItsLeaseAndComputes() {
    redis.run("SET", "lease:{fib:10}", "of-a-dead-node", "PX", "300");

    HttpResponse<String> answer = first.get("/cache/calculate/10");

    assertThat(answer.body()).contains("55,\"source\":\"database\"");
    assertThat(redis.run("GET", "fib:10")).isEqualTo("55");
  }

  @Test
  void get_whenTheHolderGivesItsLeaseBack_computesWithoutWaitingForItsEnd() {
    redis.run("SET", "lease:{fib:10}", "of-another-node", "PX", "600000");
    CompletableFuture<HttpResponse<String>> waiting = waiting(first, "/cache/calculate/10");

    redis.run("DEL", "lease:{fib:10}");

    assertThat(waiting.join().body()).contains("55,\"source\":\"database\"");
  }

  @Test
  void get_whileItComputesLongerThanItsLease_holdsIt() throws Exception {
    CompletableFuture<HttpResponse<String>> leader = first.getAsync(X);
    Held.awaitBegun();

    await()
        .during(Duration.ofMillis(1200))
        .atMost(Duration.ofSeconds(5))
        .until(() -> redis.number("EXISTS", "lease:{held:x}") == 1);

    Held.release(1);
    assertThat(cacheStatus(leader.join())).contains("stored");
  }

  @Test
  void get_whenTheComputationFails_theOneWhoWaitsComputes() throws Exception {
    String path = "/v1/cache/held/failing";
    CompletableFuture<HttpResponse<String>> leader = first.getAsync(path);
    Held.awaitBegun();
    CompletableFuture<HttpResponse<String>> waiting = waiting(second, path);

    Held.release(1);
    assertThat(leader.join().statusCode()).isEqualTo(500);
    Held.awaitBegun();
    Held.release(1);

    assertThat(waiting.join().statusCode()).isEqualTo(500);
    assertThat(redis.number("DBSIZE")).isZero();
  }

  @Test
  void delete_whileAnotherNodeComputes_leavesNothingBehind() throws Exception {
    CompletableFuture<HttpResponse<String>> leader = first.getAsync(X);
    Held.awaitBegun();

    assertThat(second.send("DELETE", X, "").statusCode()).isEqualTo(204);
    Held.release(1);

    assertThat(leader.join().body()).contains("\"database\"");
    assertThat(cacheStatus(leader.join())).doesNotContain("stored");
    assertThat(redis.number("DBSIZE")).isZero();
    assertComputesAnew(first);
  }

  @Test
  void delete_onAnotherNodeWhileThisOneComputes_letsTheNextCallerStartAfresh() throws Exception {
    CompletableFuture<HttpResponse<String>> before = first.getAsync(X);
    Held.awaitBegun();

    second.send("DELETE", X, "");
    await().until(() -> first.meter("recall_cache_flights") == 0);
    CompletableFuture<HttpResponse<String>> after = first.getAsync(X);
    Held.awaitBegun();
    Held.release(2);

    assertThat(cacheStatus(before.join())).doesNotContain("stored");
    assertThat(cacheStatus(after.join())).contains("stored");
  }

  @Test
  void get_whenTheLeaseNeverEnds_waitsWithoutPollingAndIs504() {
    redis.run("SET", "lease:{fib:10}", "of-nobody");
    redis.run("CONFIG", "RESETSTAT");

    assertThat(second.get("/cache/calculate/10").statusCode()).isEqualTo(504);

    assertThat(claims()).isBetween(1L, 3L);
    redis.run("DEL", "lease:{fib:10}");
    assertThat(second.get("/cache/calculate/10").body()).contains("55,\"source\":\"database\"");
    assertThat(second.meter("recall_cache_flights")).isZero();
  }

  @Test
  void delete_whileThisNodeComputes_letsTheNextCallerStartAfresh() throws Exception {
    CompletableFuture<HttpResponse<String>> before = first.getAsync(X);
    Held.awaitBegun();

    first.send("DELETE", X, "");
    CompletableFuture<HttpResponse<String>> after = first.getAsync(X);
    Held.awaitBegun();
    Held.release(2);

    assertThat(before.join().body()).contains("\"database\"");
    assertThat(after.join().body()).contains("\"database\"");
    assertThat(cacheStatus(before.join())).doesNotContain("stored");
    assertThat(cacheStatus(after.join())).contains("stored");
  }

  @Test
  void clear_whileANodeComputes_leavesNothingBehind() throws Exception {
    CompletableFuture<HttpResponse<String>> leader = first.getAsync(X);
    Held.awaitBegun();

    assertThat(second.send("DELETE", "/v1/cache/held", "").body()).isEqualTo("{\"removed\":0}");
    Held.release(1);

    assertThat(cacheStatus(leader.join())).doesNotContain("stored");
    assertThat(redis.number("DBSIZE")).isZero();
  }

  @Test
  void set_byRedisCliWhileANodeComputes_stands() throws Exception {
    CompletableFuture<HttpResponse<String>> leader = first.getAsync(X);
    Held.awaitBegun();

    redis.run("SET", "held:x", "newer");
    Held.release(1);

    assertThat(leader.join().body()).contains("held x");
    assertThat(redis.run("GET", "held:x")).isEqualTo("newer");
    assertThat(second.get(X).body()).contains("newer");
  }

  @Test
  void get_whenTheComputationHangs_is504AndTheNextCallerStartsAfresh() throws Exception {
    String path = "/v1/cache/held/stubborn";
    CompletableFuture<HttpResponse<String>> hanging = second.getAsync(path);
    Held.awaitBegun();

    assertThat(hanging.join().statusCode()).isEqualTo(504);
    CompletableFuture<HttpResponse<String>> next = second.getAsync(path);
    Held.awaitBegun();
    Held.release(2);

    assertThat(next.join().body()).contains("\"database\"");
  }

  private static void assertComputesAnew(Node node) throws InterruptedException {
    CompletableFuture<HttpResponse<String>> again = node.getAsync(X);
    Held.awaitBegun();
    Held.release(1);
    assertThat(again.join().body()).contains("\"database\"");
  }

  /** A request that waits for another's computation. */
  private static CompletableFuture<HttpResponse<String>> waiting(Node node, String path) {
    double flights = node.meter("recall_cache_flights");
    CompletableFuture<HttpResponse<String>> waiting = node.getAsync(path);
    await().until(() -> node.meter("recall_cache_flights") > flights);
    return waiting;
  }

  /** How often a lease was asked for since the statistics were reset. */
  private long claims() {
    Matcher pttl =
        Pattern.compile("cmdstat_pttl:calls=(\\d+)").matcher(redis.run("INFO", "commandstats"));
    return pttl.find() ? (Long.parseLong(pttl.group(1)) - 1) / 2 : 0;
  }

  @ParameterizedTest
  @CsvSource({
    "missing, 404, no-such-result, there is no such product",
    "later, 503, try-later, the shop is closed"
  })
  void get_whenAClassRefuses_isToldByEveryNodeWhileItLasts(
      String input, int status, String type, String detail) {
    for (Node node : List.of(first, second, first)) {
      HttpResponse<String> refused = node.get("/v1/results/refusing/" + input);

      assertProblem(refused, status, type);
      assertThat(refused.body()).contains(detail);
      assertThat(refused.headers().firstValue("retry-after").map(Integer::valueOf).orElse(20))
          .isBetween(1, 20);
      await().until(() -> redis.number("PTTL", "lease:{refusing:" + input + "}:refusal") > 0);
    }

    assertThat(Refusing.asked(input)).isOne();
  }
}
