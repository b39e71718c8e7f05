package dev.recall.ops;

import dev.recall.redis.RedisServer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

/** The meters of a node, as Prometheus reads them. */
public final class Meters {

  /** The type of {@link #scrape()}. */
  static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  /** Those of the process and of its Redis; each feature adds its own. */
  public Meters(RedisServer redis) {
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    for (RedisServer.Belief belief : RedisServer.Belief.values()) {
      Gauge.builder("recall.redis.breaker", redis, server -> server.belief() == belief ? 1 : 0)
          .description("The state of the circuit breaker: 1 for the one it is in")
          .tag("state", belief.word())
          .register(registry);
    }
  }

  /** Where meters are added. */
  public MeterRegistry registry() {
    return registry;
  }

  /** All of them, now. */
  String scrape() {
    return registry.scrape();
  }
}
