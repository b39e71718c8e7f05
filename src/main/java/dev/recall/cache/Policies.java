package dev.recall.cache;

import dev.recall.api.ComputationsApi.Known;
import dev.recall.config.Definition;
import dev.recall.config.OriginUrl;
import dev.recall.config.Settings;
import dev.recall.failure.Failure;
import dev.recall.registry.Definitions;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * How results are remembered, by the name of their computation: of the classes of the program, and
 * of what is defined now. Thread-safe.
 */
final class Policies {

  private final Map<String, Policy> ofClasses = new TreeMap<>();
  private final Definitions definitions;
  private final Settings.Cache defaults;
  private final ConcurrentMap<String, Defined> defined = new ConcurrentHashMap<>();

  /** The policy that a definition makes. */
  private record Defined(Definition by, Policy policy) {}

  /**
   * Those of a node.
   *
   * @param ofClasses one for each computation that is a class
   * @param defaults for what a definition does not say
   */
  Policies(Collection<Policy> ofClasses, Definitions definitions, Settings.Cache defaults) {
    ofClasses.forEach(policy -> this.ofClasses.put(policy.computation(), policy));
    this.definitions = definitions;
    this.defaults = defaults;
  }

  /**
   * How the results of a computation are remembered.
   *
   * @throws dev.recall.failure.FailureException {@link Failure#NO_SUCH_COMPUTATION}
   */
  Policy of(String computation) {
    Policy policy = ofClasses.get(computation);
    if (policy != null) {
      return policy;
    }
    Definition definition = definitions.of(computation);
    if (definition == null) {
      defined.remove(computation);
      throw Failure.NO_SUCH_COMPUTATION.because("there is no computation " + computation);
    }
    return of(computation, definition);
  }

  private Policy of(String computation, Definition definition) {
    Defined made = defined.get(computation);
    if (made == null || !made.by.equals(definition)) {
      made = new Defined(definition, Policy.of(computation, definition, defaults));
      defined.put(computation, made);
    }
    return made.policy;
  }

  /** What callers are told of one. */
  Known known(Policy policy) {
    Definition definition =
        ofClasses.containsKey(policy.computation()) ? null : definitions.of(policy.computation());
    Optional<Definition> defined = Optional.ofNullable(definition);
    return new Known(
        policy.computation(),
        policy.freshness().ttl().toMillis(),
        policy.maker().word(),
        policy.mediaType(),
        defined.flatMap(Definition::version).map(Definition.Version::text),
        defined.flatMap(Definition::url).map(OriginUrl::toString));
  }

  /** All of them, in the order of names. */
  Collection<Policy> all() {
    Map<String, Policy> all = new TreeMap<>(ofClasses);
    definitions.all().forEach((name, definition) -> all.put(name, of(name, definition)));
    return all.values();
  }
}
