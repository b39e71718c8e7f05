package dev.recall.cache;

import static dev.recall.testing.Node.cacheStatus;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recall.compute.Held;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Results past their life, and shortly before its end. */
class FreshnessIT extends TwoNodes {

  private static final List<String> FLAGS =
      List.of("cache.stale-for=60s", "cache.soft-timeout=200ms", "cache.refresh-ahead=50");

  FreshnessIT() {
    super(FLAGS, FLAGS);
  }

  /** A result of which so much life is left; its key stays for 60 seconds more. */
  private void store(String key, String text, long lifeMs) {
    redis.run("SET", key, text, "PX", Long.toString(lifeMs + 60_000));
  }

  @Test
  void get_whenStored_staysForItsLifeAndThenForTheTimeItMayBeStale() {
    HttpResponse<String> answer = first.get("/cache/calculate/10");

    assertThat(answer.headers().firstValue("cache-control")).hasValue("max-age=600");
    assertThat(redis.number("PTTL", "fib:10")).isBetween(655_000L, 660_000L);
  }

  @Test
  void get_whenStaleAndTheComputationSucceeds_answersAFreshResult() {
    store("fib:10", "56", -1_000);

    HttpResponse<String> answer = first.get("/cache/calculate/10");

    assertThat(answer.body()).contains("55,\"source\":\"database\"");
    assertThat(redis.run("GET", "fib:10")).isEqualTo("55");
  }

  @Test
  void get_whenStaleAndTheComputationIsSlow_answersTheStaleResultAndSaysSo() throws Exception {
    store("held:x", "old", -10_000);

    HttpResponse<String> answer = first.get(X);

    assertThat(answer.body()).contains("\"result\":\"old\"").contains("\"cache\"");
    assertThat(cacheStatus(answer))
        .startsWith("recall-redis; hit; ttl=-1")
        .contains("detail=stale");
    assertThat(answer.headers().firstValue("cache-control")).hasValue("max-age=0");
    assertThat(first.meter("recall_cache_stale_total")).isPositive();
    Held.awaitBegun();
    Held.release(1);
    await().until(() -> redis.run("GET", "held:x").equals("held x"));
    await().until(() -> first.get(X).body().contains("held x"));
  }

  @Test
  void get_whenStaleAndTheComputationFails_answersTheStaleResultAndSaysSo() throws Exception {
    store("held:failing", "old", -10_000);
    Held.release(1);

    HttpResponse<String> answer = first.get("/v1/cache/held/failing");

    Held.awaitBegun();
    assertThat(answer.body()).contains("\"result\":\"old\"");
    assertThat(cacheStatus(answer)).contains("detail=stale");
  }

  @Test
  void get_whenPastItsLifeAndTheTimeItMayBeStale_isComputed() {
    redis.run("SET", "fib:10", "56", "PX", "1");

    await().until(() -> first.get("/cache/calculate/10").body().contains("55"));
  }

  @Test
  void post_whenManyAreStaleAndTheirComputationsSlow_answersThemAll() throws Exception {
    JsonArray inputs = new JsonArray();
    for (int i = 0; i < 120; i++) {
      store("held:" + i, "old", -10_000);
      inputs.add(Integer.toString(i));
    }

    HttpResponse<String> answer =
        first.send(
            "POST",
            "/v1/cache/held",
            new JsonObject().put("inputs", inputs).encode(),
            "Content-Type",
            "application/json");

    assertThat(answer.body().split("\"result\":\"old\"", -1)).hasSize(121);
    Held.release(120);
    for (int i = 0; i < 120; i++) {
      Held.awaitBegun();
    }
    await().until(() -> first.meter("recall_cache_flights") == 0);
  }

  @Test
  void get_whenTheOldResultExpiresWhileItIsComputed_isStored() throws Exception {
    redis.run("SET", "held:x", "old", "PX", "300");
    CompletableFuture<HttpResponse<String>> answer = first.getAsync(X);
    Held.awaitBegun();
    await().until(() -> redis.number("EXISTS", "held:x") == 0);

    Held.release(1);

    await().until(() -> redis.run("GET", "held:x").equals("held x"));
    assertThat(answer.join().statusCode()).isEqualTo(200);
  }

  @Test
  void get_whenARefreshIsDue_answersAtOnceAndComputesOnceInTheCluster() throws Exception {
    store("held:x", "old", 20_000);
    double computed = computedByBoth();

    assertThat(first.get(X).body()).contains("\"old\"").contains("\"cache\"");
    Held.awaitBegun();
    for (int i = 0; i < 10; i++) {
      assertThat(first.get(X).body()).contains("\"old\"");
      assertThat(second.get(X).body()).contains("\"old\"");
    }
    Held.release(1);

    await().until(() -> first.get(X).body().contains("held x"));
    await().until(() -> second.get(X).body().contains("held x"));
    assertThat(computedByBoth()).isEqualTo(computed + 1);
    assertThat(Held.begun()).isZero();
  }

  @Test
  void get_whenARefreshFails_keepsAnsweringAndDoesNotTryAgainAtOnce() throws Exception {
    store("held:failing", "old", 20_000);
    double failed = first.meter("recall_cache_failed_total");
    Held.release(1);

    first.get("/v1/cache/held/failing");
    Held.awaitBegun();
    await().until(() -> first.meter("recall_cache_failed_total") > failed);
    for (int i = 0; i < 10; i++) {
      assertThat(first.get("/v1/cache/held/failing").body()).contains("\"old\"");
    }

    assertThat(Held.begun()).isZero();
  }

  @Test
  void get_whenNoRefreshIsDue_computesNothing() {
    store("held:x", "old", 40_000);
    double refreshed = first.meter("recall_cache_refreshed_total");

    CompletableFuture<HttpResponse<String>> answer = first.getAsync(X);

    assertThat(answer.join().body()).contains("\"old\"");
    assertThat(first.meter("recall_cache_refreshed_total")).isEqualTo(refreshed);
  }
}
