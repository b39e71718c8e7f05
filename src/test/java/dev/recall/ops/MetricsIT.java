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
}
