package dev.recall.cache;

import dev.recall.failure.Failure;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/** How results are remembered, by the name of their computation. Immutable. */
final class Policies {

  private final Map<String, Policy> byName = new TreeMap<>();

  /**
   * Those of a node.
   *
   * @param policies one for each computation
   */
  Policies(Collection<Policy> policies) {
    policies.forEach(policy -> byName.put(policy.computation(), policy));
  }

  /**
   * How the results of a computation are remembered.
   *
   * @throws dev.recall.failure.FailureException {@link Failure#NO_SUCH_COMPUTATION}
   */
  Policy of(String computation) {
    Policy policy = byName.get(computation);
    if (policy == null) {
      throw Failure.NO_SUCH_COMPUTATION.because("there is no computation " + computation);
    }
    return policy;
  }

  /** All of them, in the order of names. */
  Collection<Policy> all() {
    return byName.values();
  }
}
