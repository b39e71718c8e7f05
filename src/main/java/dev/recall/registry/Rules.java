package dev.recall.registry;

import dev.recall.config.ComputationName;
import dev.recall.config.Definition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What a definition must be beside well-formed, on this node. */
public final class Rules {

  private final Set<String> classes;
  private final Duration deadline;
  private final long maxBytes;

  /**
   * Those of a node.
   *
   * @param classes names of computations that are classes
   * @param deadline longest time for any result
   * @param maxBytes of the longest result that the node has room for
   */
  public Rules(Set<String> classes, Duration deadline, long maxBytes) {
    this.classes = Set.copyOf(classes);
    this.deadline = deadline;
    this.maxBytes = maxBytes;
  }

  /** Whether a computation of this name is a class. */
  boolean isClass(String computation) {
    return classes.contains(computation);
  }

  /** What is wrong with it, each beginning with the name it is about. */
  public List<String> faults(Definition definition) {
    List<String> faults = new ArrayList<>();
    if (definition.timeout().orElse(deadline).compareTo(deadline) > 0) {
      faults.add(
          "timeout: must not be longer than compute.deadline, " + deadline.toMillis() + "ms");
    }
    if (definition.bytes() > maxBytes) {
      faults.add("max-bytes: this node has room for results of " + maxBytes + "B");
    }
    return faults;
  }

  /** What is wrong with its name; empty where nothing is. */
  public List<String> faults(String computation) {
    if (!ComputationName.isWellFormed(computation)) {
      return List.of("a computation has 1 to 64 small letters, digits and hyphens as its name");
    } else if (ComputationName.isTaken(computation)) {
      return List.of("keys that begin with " + computation + ": are something else");
    }
    return isClass(computation)
        ? List.of(computation + " is a computation of this program")
        : List.of();
  }
}
