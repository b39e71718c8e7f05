package dev.recall.bus;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntSupplier;

/** What is measured of the bus, for all verticles of a node. Thread-safe. */
public final class BusMeters {

  private final MeterRegistry registry;
  private final Map<String, Pending> pending = new ConcurrentHashMap<>();

  /** Of a node; each meter is shown from its first use on. */
  public BusMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  /** The requesters of an address, and the meter that shows what waits at all of them. */
  private record Pending(List<IntSupplier> requesters, Gauge gauge) {}

  /**
   * Shows how many requests to an address wait for their replies, those of a requester among them.
   */
  void pending(String address, IntSupplier requests) {
    pending.compute(
        address,
        (name, before) -> {
          Pending shown = before == null ? show(name) : before;
          shown.requesters.add(requests);
          return shown;
        });
  }

  /** A requester asks no more. */
  void ended(String address, IntSupplier requests) {
    pending.computeIfPresent(
        address,
        (name, shown) -> {
          shown.requesters.remove(requests);
          if (!shown.requesters.isEmpty()) {
            return shown;
          }
          registry.remove(shown.gauge);
          return null;
        });
  }

  private Pending show(String address) {
    List<IntSupplier> requesters = new CopyOnWriteArrayList<>();
    Gauge gauge =
        Gauge.builder("recall.bus.pending", requesters, BusMeters::sum)
            .description("Requests on the event bus that wait for their replies")
            .tag("address", address)
            .strongReference(true)
            .register(registry);
    return new Pending(requesters, gauge);
  }

  private static double sum(List<IntSupplier> requesters) {
    return requesters.stream().mapToInt(IntSupplier::getAsInt).sum();
  }
}
