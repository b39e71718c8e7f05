package dev.recall.state;

import dev.recall.redis.KeyChanges;
import dev.recall.redis.RedisKeys;
import dev.recall.redis.RedisServer;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.List;

/**
 * Hears from Redis of every change of a lock and wakes those who wait for it. That a message may be
 * lost, they know. One instance for each node.
 */
public final class LockFeed extends VerticleBase implements KeyChanges.Listener {

  private final StateNode node;
  private final RedisServer redis;
  private KeyChanges changes;

  /** The feed of a node. */
  public LockFeed(StateNode node, RedisServer redis) {
    this.node = node;
    this.redis = redis;
  }

  @Override
  public Future<?> start() {
    changes = new KeyChanges(vertx, redis, List.of(RedisKeys.LOCK), this);
    return changes.open();
  }

  @Override
  public Future<?> stop() {
    node.watches().hear(false);
    changes.close();
    return Future.succeededFuture();
  }

  @Override
  public void listening() {
    node.watches().hear(true);
  }

  @Override
  public void changed(String key) {
    node.watches().wake(key);
  }

  @Override
  public void allChanged() {
    node.watches().wakeAll();
  }

  @Override
  public void lost() {
    node.watches().hear(false);
  }
}
