package dev.recall.compute;

import dev.recall.config.ComputationName;
import dev.recall.spi.Computation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;

/** The computations of a node, by name. */
public final class Computations {

  private final Map<String, Computation> byName = new TreeMap<>();

  /**
   * Those given, and those that {@link ServiceLoader} finds.
   *
   * @throws IllegalArgumentException where two have one name, or a name is malformed
   */
  public Computations(Computation... builtIn) {
    List<Computation> all = new ArrayList<>(List.of(builtIn));
    ServiceLoader.load(Computation.class).forEach(all::add);
    for (Computation computation : all) {
      String name = computation.name();
      if (!ComputationName.isWellFormed(name) || ComputationName.isTaken(name)) {
        throw new IllegalArgumentException("a computation cannot be named '" + name + "'");
      }
      if (byName.put(name, computation) != null) {
        throw new IllegalArgumentException("two computations are named " + name);
      }
    }
  }

  /** Each by its name, in the order of names. */
  public Map<String, Computation> byName() {
    return Collections.unmodifiableMap(byName);
  }
}
