package dev.recall.client;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Optional;

/**
 * What is remembered, and how long others wait for whoever makes it.
 *
 * @param computation its name, of one that callers make
 * @param lease how long others wait for a maker that has died, 100 ms to 10 min; one that lives
 *     renews it
 * @param waitAtMost how long they wait for one that lives, before they make the result, too; empty:
 *     as long as the client waits for an answer
 * @param definition where no node knows the computation it is defined so, with the names and units
 *     of the settings, which needs the scope {@code admin} over HTTP; empty: it is not
 */
public record Remembering(
    String computation,
    Duration lease,
    Optional<Duration> waitAtMost,
    Optional<JsonObject> definition) {

  private static final Duration LEASE = Duration.ofSeconds(10);

  /** What the settings of the nodes define: a lease of 10 s. */
  public static Remembering of(String computation) {
    return new Remembering(computation, LEASE, Optional.empty(), Optional.empty());
  }

  /** The same, defined where no node knows it: texts that are remembered for so long. */
  public Remembering ttl(Duration ttl) {
    return definition(
        new JsonObject()
            .put("ttl", ttl.toMillis() + "ms")
            .put("media-type", "text/plain; charset=utf-8"));
  }

  /** The same, defined so where no node knows it; that callers make it goes without saying. */
  public Remembering definition(JsonObject other) {
    return new Remembering(
        computation, lease, waitAtMost, Optional.of(other.copy().put("by", "callers")));
  }

  /** The same with another life of a lease. */
  public Remembering lease(Duration other) {
    return new Remembering(computation, other, waitAtMost, definition);
  }

  /** The same with another wait. */
  public Remembering waitAtMost(Duration other) {
    return new Remembering(computation, lease, Optional.of(other), definition);
  }
}
