package dev.recall.state;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** What is measured of the shared state. */
final class StateMeters {

  private final Counter rateTakenLocally;

  StateMeters(MeterRegistry registry) {
    rateTakenLocally =
        Counter.builder("recall.rate.local")
            .description("Rate limits decided by this node alone, since Redis was away")
            .register(registry);
  }

  void rateTakenLocally() {
    rateTakenLocally.increment();
  }
}
