package dev.recall.registry;

import dev.recall.config.BadSettings;
import dev.recall.config.ComputationName;
import dev.recall.config.Definition;
import dev.recall.failure.Failure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

  /** What is wrong with it, each beginning with the name it is about. */
  List<String> faults(Definition definition) {
    List<String> faults = new ArrayList<>();
    if (definition.isLent()) {
      faults.add("by: must be callers; what is lent its lender tells");
    }
    faults.addAll(limits(definition));
    return faults;
  }

  /** What is wrong with it, who makes its results apart. */
  List<String> limits(Definition definition) {
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

  /**
   * Refuses a name that is not to be defined while the node lives.
   *
   * @throws dev.recall.failure.FailureException {@link Failure#DEFINED_ELSEWHERE}
   */
  void requireFree(String computation, Definitions definitions) {
    if (definitions.isOfSettings(computation)) {
      throw Failure.DEFINED_ELSEWHERE.because("the settings define " + computation);
    }
    List<String> faults = faults(computation);
    if (!faults.isEmpty()) {
      throw Failure.DEFINED_ELSEWHERE.because(faults.get(0));
    }
  }

  /**
   * Refuses settings that define what cannot be.
   *
   * @throws BadSettings with every fault
   */
  public void require(Map<String, Definition> ofSettings) {
    List<String> faults = new ArrayList<>();
    ofSettings.forEach(
        (name, definition) -> {
          String path = "computations." + name;
          faults(name).forEach(fault -> faults.add(path + ": " + fault));
          faults(definition).forEach(fault -> faults.add(path + "." + fault));
        });
    if (!faults.isEmpty()) {
      throw new BadSettings(faults);
    }
  }

  /** What is wrong with its name; empty where nothing is. */
  List<String> faults(String computation) {
    if (!ComputationName.isWellFormed(computation)) {
      return List.of("a computation has 1 to 64 small letters, digits and hyphens as its name");
    } else if (ComputationName.isTaken(computation)) {
      return List.of("keys that begin with " + computation + ": are something else");
    }
    return classes.contains(computation)
        ? List.of(computation + " is a computation of this program")
        : List.of();
  }
}
