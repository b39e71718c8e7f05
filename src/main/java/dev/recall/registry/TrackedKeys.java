package dev.recall.registry;

import dev.recall.config.Definition;
import dev.recall.redis.LeaseStore;
import dev.recall.redis.ResultStore;
import dev.recall.redis.link.KeyChanges;
import io.vertx.core.Future;
import java.util.List;

/**
 * Has changes of computations' keys heard of: a computation is known only then, since its results
 * are copied near.
 *
 * @param changes of the node
 * @param told of those of results and leases
 */
public record TrackedKeys(KeyChanges changes, KeyChanges.Listener told) {

  /** Completed, and never failed, when those of a computation are, or none is trusted to be. */
  Future<Void> of(String computation, Definition definition) {
    String space = definition.space(computation);
    return changes.track(told, List.of(ResultStore.prefix(space), LeaseStore.prefix(space)));
  }
}
