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
  private final Map<String, List<IntSupplier>> pending = new ConcurrentHashMap<>();

  /** Of a node; each meter is shown from its first use on. */
  public BusMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  /**
   * Shows how many requests to an address wait for their replies, those of a requester among them.
   */
  void pending(String address, IntSupplier requests) {
    pending.computeIfAbsent(address, this::show).add(requests);
  }

  private List<IntSupplier> show(String address) {
    List<IntSupplier> requesters = new CopyOnWriteArrayList<>();
    Gauge.builder("recall.bus.pending", requesters, BusMeters::sum)
        .description("Requests on the event bus that wait for their replies")
        .tag("address", address)
        .strongReference(true)
        .register(registry);
    return requesters;
  }

  private static double sum(List<IntSupplier> requesters) {
    return requesters.stream().mapToInt(IntSupplier::getAsInt).sum();
  }
}
