package dev.recall.registry;

import dev.recall.config.Definition;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The definitions that this node knows now, by the names of their computations. Thread-safe. */
public final class Definitions {

  private final Map<String, Definition> ofSettings;
  private final ConcurrentMap<String, Definition> ofCallers = new ConcurrentHashMap<>();
  private final Lenders lenders;
  private final List<Consumer<String>> onRemoval = new CopyOnWriteArrayList<>();

  /** Those of the settings, which nobody can change while the node lives. */
  public Definitions(Map<String, Definition> ofSettings, Lenders lenders) {
    this.ofSettings = Map.copyOf(ofSettings);
    this.lenders = lenders;
  }

  /** That of a computation; null where there is none. */
  public @Nullable Definition of(String computation) {
    Definition fixed = ofSettings.get(computation);
    if (fixed != null) {
      return fixed;
    }
    Definition put = ofCallers.get(computation);
    return put == null ? lenders.definition(computation) : put;
  }

  /** Whether callers have put it. */
  boolean isOfCallers(String computation) {
    return ofCallers.containsKey(computation);
  }

  /** Whether the settings have it. */
  public boolean isOfSettings(String computation) {
    return ofSettings.containsKey(computation);
  }

  /** All of them, in the order of names. */
  public Map<String, Definition> all() {
    Map<String, Definition> all = new TreeMap<>(lenders.definitions());
    all.putAll(ofCallers);
    all.putAll(ofSettings);
    return all;
  }

  /** Has somebody told of each computation that is not defined any more, on any thread. */
  public void onRemoval(Consumer<String> told) {
    onRemoval.add(told);
  }

  /** Those that callers have put, as they are now. */
  Map<String, Definition> ofCallers() {
    return Map.copyOf(ofCallers);
  }

  void put(String computation, Definition definition) {
    ofCallers.put(computation, definition);
  }

  void remove(String computation) {
    ofCallers.remove(computation);
    onRemoval.forEach(told -> told.accept(computation));
  }
}
