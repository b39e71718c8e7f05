package dev.recall.registry;

import dev.recall.config.Definition;
import dev.recall.config.Secret;
import io.vertx.core.json.JsonObject;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the nodes that share a Redis define the same computations in the same way: those that do
 * not would answer each other's results. Thread-safe.
 */
public final class Agreement {

  private static final Logger LOG = LoggerFactory.getLogger(Agreement.class);

  private final JsonObject ours;
  private volatile String contradiction = "";

  /** Of a node with these definitions in its settings. */
  public Agreement(Map<String, Definition> definitions) {
    ours = new JsonObject();
    definitions.forEach((name, definition) -> ours.put(name, digest(definition)));
  }

  /** Whether there is anything to agree on. */
  boolean isNeeded() {
    return !ours.isEmpty();
  }

  /** What this node says. */
  JsonObject ours() {
    return ours;
  }

  /** What is contradictory, in a line, if anything. */
  public Optional<String> contradiction() {
    return Optional.of(contradiction).filter(text -> !text.isEmpty());
  }

  /** The others say this. */
  void heard(Iterable<JsonObject> others) {
    TreeSet<String> names = new TreeSet<>();
    for (JsonObject other : others) {
      for (String name : ours.fieldNames()) {
        Object theirs = other.getValue(name);
        if (theirs != null && !theirs.equals(ours.getValue(name))) {
          names.add(name);
        }
      }
    }
    String found =
        names.isEmpty()
            ? ""
            : names.stream()
                .collect(
                    Collectors.joining(", ", "another node's settings define otherwise: ", ""));
    if (!found.equals(contradiction)) {
      if (found.isEmpty()) {
        LOG.info("All nodes define the same computations again");
      } else {
        LOG.warn("Of computations {}", found);
      }
      contradiction = found;
    }
  }

  private static String digest(Definition definition) {
    return HexFormat.of().formatHex(Secret.digest(definition.toString()), 0, 8);
  }
}
