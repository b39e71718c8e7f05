package dev.recall.origin;

import dev.recall.config.Definition;
import dev.recall.config.Networks;
import dev.recall.failure.Failure;
import dev.recall.registry.Definitions;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.InetAddress;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** The origins of a node, by the names of their computations. Thread-safe. */
public final class Origins {

  private final Definitions definitions;
  private final Networks allowed;
  private final long maxHeld;
  private final Clock clock;
  private final LongSupplier nanoTime;
  private final MeterRegistry registry;
  private final AtomicLong held = new AtomicLong();
  private final Map<String, Known> byName = new HashMap<>();

  private record Known(Origin origin, OriginMeters meters) {}

  /**
   * Those of a node.
   *
   * @param allowed where results may be asked for that are defined at run time
   * @param maxHeld how many bytes of all their answers may be on their way
   */
  public Origins(
      Definitions definitions,
      Networks allowed,
      long maxHeld,
      Clock clock,
      LongSupplier nanoTime,
      MeterRegistry registry) {
    this.definitions = definitions;
    this.allowed = allowed;
    this.maxHeld = maxHeld;
    this.clock = clock;
    this.nanoTime = nanoTime;
    this.registry = registry;
    definitions.onRemoval(this::forget);
  }

  /**
   * That of a computation, as it is defined now.
   *
   * @throws dev.recall.failure.FailureException {@link Failure#NO_SUCH_COMPUTATION}
   */
  synchronized Origin of(String computation) {
    Definition definition = definitions.of(computation);
    Known known = byName.get(computation);
    if (known != null && known.origin.definition().equals(definition)) {
      return known.origin;
    }
    if (definition == null || definition.url().isEmpty()) {
      forget(computation);
      throw Failure.NO_SUCH_COMPUTATION.because("there is no origin for " + computation);
    }
    if (known != null) {
      known.meters.hide();
    }
    OriginMeters meters = new OriginMeters(registry, computation);
    boolean isChecked = !definitions.isOfSettings(computation);
    Origin origin = new Origin(computation, definition, isChecked, clock, nanoTime, meters);
    meters.show(origin);
    byName.put(computation, new Known(origin, meters));
    return origin;
  }

  private synchronized void forget(String computation) {
    Known known = byName.remove(computation);
    if (known != null) {
      known.meters.end();
    }
  }

  /** What time it is. */
  Clock clock() {
    return clock;
  }

  /** Whether an address may be asked for what was defined at run time. */
  boolean allow(InetAddress address) {
    return allowed.contain(address);
  }

  /** Whether so many bytes more have room; they are to be given back. */
  boolean take(long bytes) {
    if (held.addAndGet(bytes) <= maxHeld) {
      return true;
    }
    held.addAndGet(-bytes);
    return false;
  }

  void giveBack(long bytes) {
    held.addAndGet(-bytes);
  }
}
