package dev.recall.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recall.testing.NodeOnItsRedis;
import org.junit.jupiter.api.Test;

/** What Prometheus reads of a node. */
class MetricsIT extends NodeOnItsRedis {

  @Test
  void metrics_afterAMissAndHitsOfEachLevel_countEachOnce() {
    node.get("/cache/calculate/10");
    await()
        .until(
            () ->
                node.get("/cache/calculate/10")
                    .headers()
                    .firstValue("cache-status")
                    .orElseThrow()
                    .startsWith("recall-near"));

    assertThat(node.meter("recall_cache_misses_total")).isEqualTo(1);
    assertThat(node.meter("recall_cache_computed_total")).isEqualTo(1);
    assertThat(node.meter("recall_cache_hits_total{level=\"redis\"}")).isPositive();
    assertThat(node.meter("recall_cache_hits_total{level=\"near\"}")).isEqualTo(1);
    assertThat(node.meter("recall_cache_near_bytes")).isPositive();
    assertThat(node.meter("recall_cache_feed_lag_seconds_count")).isPositive();
    assertThat(node.meter("recall_redis_breaker{state=\"closed\"}")).isEqualTo(1);
  }

  @Test
  void metrics_whenRedisIsFrozen_showTheOpenBreaker() {
    redis.freeze();

    await()
        .until(
            () -> {
              node.get("/cache/calculate/11");
              return node.meter("recall_redis_breaker{state=\"open\"}") == 1;
            });
  }

  @Test
  void metrics_whateverIsAsked_nameNoKey() {
    node.get("/v1/cache/reversed/secret");
    node.get("/counter/secret");

    assertThat(node.manage("/metrics").headers().firstValue("content-type").orElseThrow())
        .startsWith("text/plain");
    assertThat(node.manage("/metrics").body()).contains("jvm_memory").doesNotContain("secret");
  }

  @Test
  void metrics_afterRequestsToARoute_countThemByStatusUnderItsTemplate() {
    node.get("/v1/cache/fib/10");
    node.get("/v1/cache/fib/11");
    node.get("/v1/cache/fib/none");

    String route =
        "http_server_request_duration_seconds_count{http_request_method=\"GET\","
            + "http_response_status_code=\"%d\",http_route=\"/v1/cache/:computation/:input\","
            + "port=\"http\"}";
    assertThat(node.meter(route.formatted(200))).isEqualTo(2);
    assertThat(node.meter(route.formatted(422))).isEqualTo(1);
    assertThat(node.meter("recall_problems_total{port=\"http\",type=\"urn:recall:invalid\"}"))
        .isEqualTo(1);
  }

  @Test
  void metrics_ofPathsWithoutARoute_shareOneTemplate() {
    node.get("/a");
    node.get("/b");

    assertThat(
            node.meter(
                "http_server_request_duration_seconds_count{http_request_method=\"\","
                    + "http_response_status_code=\"404\",http_route=\"\",port=\"http\"}"))
        .isEqualTo(2);
  }

  @Test
  void metrics_whileNothingIsAsked_showThatNothingIsPendingOnTheBus() {
    node.get("/v1/cache/fib/10");

    assertThat(node.meter("recall_bus_pending{address=\"recall.local.cache.get\"}")).isZero();
  }
}
