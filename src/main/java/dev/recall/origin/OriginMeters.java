package dev.recall.origin;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** What is measured of one origin, as long as it is one. Thread-safe. */
final class OriginMeters {

  private final MeterRegistry registry;
  private final String computation;
  private final List<Meter> gauges = new ArrayList<>();
  private final Map<String, Timer> timers = new HashMap<>();
  private boolean ended;

  OriginMeters(MeterRegistry registry, String computation) {
    this.registry = registry;
    this.computation = computation;
  }

  /** Shows what it is like now. */
  synchronized void show(Origin origin) {
    gauges.add(
        Gauge.builder("recall.origin.pending", origin, Origin::inFlight)
            .description("Results that an origin is asked for now")
            .tag("computation", computation)
            .register(registry));
    for (CircuitBreaker.State state : breakerStates()) {
      gauges.add(
          Gauge.builder("recall.origin.breaker", origin, of -> of.state() == state ? 1 : 0)
              .description("The state of an origin's circuit breaker: 1 for the one it is in")
              .tag("computation", computation)
              .tag("state", state.name().toLowerCase(Locale.ROOT))
              .register(registry));
    }
  }

  private static List<CircuitBreaker.State> breakerStates() {
    return List.of(
        CircuitBreaker.State.CLOSED, CircuitBreaker.State.OPEN, CircuitBreaker.State.HALF_OPEN);
  }

  /** Another origin is asked instead, whose state is shown from now on. */
  synchronized void hide() {
    gauges.forEach(registry::remove);
    gauges.clear();
  }

  /** There is no such computation any more. */
  synchronized void end() {
    hide();
    ended = true;
    timers.values().forEach(registry::remove);
  }

  /** It was asked: {@code made}, {@code not-found}, {@code later}, {@code late}, {@code failed}. */
  void asked(String outcome, long nanos) {
    record(outcome, nanos);
  }

  /** It was not asked: {@code paused}, {@code full}, {@code open}. */
  void refused(String outcome) {
    record(outcome, 0);
  }

  private synchronized void record(String outcome, long nanos) {
    if (!ended) {
      timers.computeIfAbsent(outcome, this::timer).record(nanos, TimeUnit.NANOSECONDS);
    }
  }

  private Timer timer(String outcome) {
    return Timer.builder("recall.origin.requests")
        .description("What came of asking origins, and how long it took")
        .tag("computation", computation)
        .tag("outcome", outcome)
        .register(registry);
  }
}
