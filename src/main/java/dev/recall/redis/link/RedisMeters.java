package dev.recall.redis.link;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** What is measured of the server; refusals count themselves. */
final class RedisMeters {

  private RedisMeters() {}

  static void show(MeterRegistry registry, RedisServer server) {
    for (RedisServer.BreakerState belief : RedisServer.BreakerState.values()) {
      Gauge.builder("recall.redis.breaker", server, of -> of.belief() == belief ? 1 : 0)
          .description("The state of the circuit breaker: 1 for the one it is in")
          .tag("state", belief.word())
          .register(registry);
    }
    Gauge.builder("recall.redis.refusals", server, of -> of.refusals().count())
        .description("Commands that Redis refuses, for keys with a prefix, until one succeeds")
        .register(registry);
    Gauge.builder("recall.redis.evicting", server, of -> of.eviction().isOn() ? 1 : 0)
        .description("1 while Redis removes keys when its memory is full, else 0")
        .register(registry);
    Gauge.builder("recall.redis.changes.unheard", server, of -> of.proof().isHeard() ? 0 : 1)
        .description("1 while changes of keys go unheard, else 0")
        .register(registry);
  }
}
