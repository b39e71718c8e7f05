package dev.recall.registry;

import dev.recall.api.ComputationsApi;
import dev.recall.api.ComputationsApi.Lend;
import dev.recall.config.Definition;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Who lends computations, as far as this node has heard: a lender counts from one heartbeat on for
 * ten seconds. Thread-safe.
 */
public final class Lenders {

  private final LongSupplier nanoTime;
  private final Map<String, Lent> byName = new ConcurrentHashMap<>();

  /** Nobody lends anything. */
  public Lenders(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** A computation, and those who lend it. Immutable. */
  private record Lent(Definition definition, Map<String, Heard> byInstance) {}

  /** Where a lender is asked, and when it was heard of. */
  private record Heard(String address, long nanos) {}

  /** What a computation is that somebody lends; null where nobody does. */
  @Nullable Definition definition(String computation) {
    Lent lent = byName.get(computation);
    return lent == null ? null : lent.definition;
  }

  /** All that are lent, by name. */
  Map<String, Definition> definitions() {
    Map<String, Definition> all = new TreeMap<>();
    byName.forEach((name, lent) -> all.put(name, lent.definition));
    return all;
  }

  /** Where a computation can be asked for, each address once. */
  public List<String> addresses(String computation) {
    Lent lent = byName.get(computation);
    if (lent == null) {
      return List.of();
    }
    Set<String> addresses = new LinkedHashSet<>();
    new TreeMap<>(lent.byInstance).values().forEach(heard -> addresses.add(heard.address));
    return List.copyOf(addresses);
  }

  /** Where anything can be asked for. */
  public Set<String> addresses() {
    Set<String> all = new LinkedHashSet<>();
    byName.keySet().forEach(name -> all.addAll(addresses(name)));
    return all;
  }

  /** A lender tells that it is there. */
  void heard(Lend lend, Definition definition) {
    byName.compute(
        lend.name(),
        (name, before) -> {
          Map<String, Heard> instances = new HashMap<>();
          if (before != null && before.definition.equals(definition)) {
            instances.putAll(before.byInstance);
          }
          instances.put(lend.instance(), new Heard(lend.asked(), nanoTime.getAsLong()));
          return new Lent(definition, Map.copyOf(instances));
        });
  }

  /** A lender tells that it ends. */
  void gone(Lend lend) {
    byName.computeIfPresent(
        lend.name(), (name, lent) -> without(lent, instance -> !instance.equals(lend.instance())));
  }

  /** Forgets whoever was not heard of for too long; answers what is not lent any more. */
  Set<String> forgetTheSilent() {
    long latest = nanoTime.getAsLong() - ComputationsApi.SILENCE.toNanos();
    Set<String> ended = new LinkedHashSet<>();
    for (String name : byName.keySet()) {
      Lent left =
          byName.computeIfPresent(
              name,
              (same, lent) -> without(lent, instance -> isHeardSince(lent, instance, latest)));
      if (left == null) {
        ended.add(name);
      }
    }
    return ended;
  }

  private static boolean isHeardSince(Lent lent, String instance, long latest) {
    Heard heard = lent.byInstance.get(instance);
    return heard != null && heard.nanos - latest >= 0;
  }

  private static @Nullable Lent without(Lent lent, Predicate<String> isLeft) {
    Map<String, Heard> left = new HashMap<>(lent.byInstance);
    left.keySet().removeIf(isLeft.negate());
    return left.isEmpty() ? null : new Lent(lent.definition, Map.copyOf(left));
  }
}
