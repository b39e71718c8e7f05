package dev.recall.cache;

import static dev.recall.testing.Node.cacheStatus;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two nodes that share nothing but Redis: whoever changes a result, no near copy outlives it. */
class CoherenceIT extends TwoNodes {

  private static final String PATH = "/cache/calculate/10";
  private static final Duration SOON = Duration.ofSeconds(1);

  CoherenceIT() {
    super(List.of("cache.near.max-age=10s"), List.of());
  }

  @BeforeEach
  void keepNearCopies() {
    first.near(PATH);
    second.near(PATH);
  }

  @Test
  void get_whenNear_asksNeitherRedisNorTheWorkers() {
    double computed = first.meter("recall_cache_computed_total");
    redis.run("CONFIG", "RESETSTAT");

    for (int i = 0; i < 20; i++) {
      assertThat(cacheStatus(first.get(PATH))).startsWith("recall-near; hit; ttl=");
    }

    assertThat(redis.run("INFO", "commandstats")).doesNotContain("cmdstat_get:");
    assertThat(first.meter("recall_cache_computed_total")).isEqualTo(computed);
  }

  @Test
  void get_whenSetByRedisCli_answersWhatWasSet() {
    redis.run("SET", "fib:10", "77");

    assertBothSoonAnswer("\"result\":77,\"source\":\"cache\"");
  }

  @Test
  void get_whenRemovedByRedisCli_isComputedAgain() {
    double computed = computedByBoth();
    redis.run("DEL", "fib:10");

    await().atMost(SOON).until(() -> bothAnswer("\"result\":55") && computedByBoth() > computed);
  }

  @Test
  void get_whenTheTtlIsChangedByRedisCli_answersTheNewOne() {
    redis.run("EXPIRE", "fib:10", "30");

    await()
        .atMost(SOON)
        .until(
            () ->
                first
                    .get(PATH)
                    .headers()
                    .firstValue("cache-control")
                    .orElseThrow()
                    .matches("max-age=(29|30)"));
  }

  @Test
  void get_whenExpired_isComputedAgain() {
    double computed = computedByBoth();
    redis.run("PEXPIRE", "fib:10", "50");

    await().atMost(SOON).until(() -> bothAnswer("\"result\":55") && computedByBoth() > computed);
  }

  @Test
  void get_whenAllIsFlushed_isComputedAgain() {
    double computed = computedByBoth();
    redis.run("FLUSHALL");

    await().atMost(SOON).until(() -> bothAnswer("\"result\":55") && computedByBoth() > computed);
  }

  @Test
  void get_whenDeletedOnThisNode_isComputedAgainAtOnce() {
    for (int i = 0; i < 20; i++) {
      first.near(PATH);

      assertThat(first.send("DELETE", "/v1/cache/fib/10", "").statusCode()).isEqualTo(204);
      assertThat(first.get(PATH).body()).contains("\"source\":\"database\"");
    }
  }

  @Test
  void get_whenDeletedOnAnotherNode_isComputedAgain() {
    double computed = computedByBoth();
    second.send("DELETE", "/v1/cache/fib/10", "");

    await().atMost(SOON).until(() -> bothAnswer("\"result\":55") && computedByBoth() > computed);
  }

  @Test
  void get_whenAllResultsAreCleared_areComputedAgain() {
    first.near("/cache/calculate/11");

    HttpResponse<String> cleared = second.send("DELETE", "/v1/cache/fib", "");

    assertThat(cleared.body()).isEqualTo("{\"removed\":2}");
    await()
        .atMost(SOON)
        .until(() -> first.get("/cache/calculate/11").body().contains("\"database\""));
    assertThat(redis.number("DBSIZE")).isLessThanOrEqualTo(2);
  }

  @Test
  void etag_ofAResult_isTheSameOnEveryNodeAndLevel() {
    String near = first.near(PATH).headers().firstValue("etag").orElseThrow();
    first.send("DELETE", "/v1/cache/fib/10", "");

    assertThat(first.get(PATH).headers().firstValue("etag")).hasValue(near);
    assertThat(second.get(PATH).headers().firstValue("etag")).hasValue(near);
  }

  private boolean bothAnswer(String part) {
    return first.get(PATH).body().contains(part) && second.get(PATH).body().contains(part);
  }

  private void assertBothSoonAnswer(String part) {
    await().atMost(SOON).until(() -> bothAnswer(part));
  }
}
