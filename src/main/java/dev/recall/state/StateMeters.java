package dev.recall.state;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** What is measured of the shared state. */
final class StateMeters {

  private final Counter rateTakenLocally;

  StateMeters(MeterRegistry registry, LockQueues queues) {
    Gauge.builder("recall.lock.waiting", queues, LockQueues::size)
        .description("Requests for a lock that wait or are about to take it")
        .register(registry);
    rateTakenLocally =
        Counter.builder("recall.rate.local")
            .description("Rate limits decided by this node alone, since Redis was away")
            .register(registry);
  }

  void rateTakenLocally() {
    rateTakenLocally.increment();
  }
}
