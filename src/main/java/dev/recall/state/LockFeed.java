package dev.recall.state;

import dev.recall.redis.RedisKeys;
import dev.recall.redis.link.KeyChanges;
import java.time.Duration;
import java.util.List;

/** Is told of every change of a lock, and wakes those who wait for it. */
public final class LockFeed implements KeyChanges.Listener {

  private final StateNode node;

  /** The feed of a node. */
  public LockFeed(StateNode node) {
    this.node = node;
  }

  @Override
  public List<String> prefixes() {
    return List.of(RedisKeys.LOCK);
  }

  @Override
  public boolean isNeeded() {
    return node.watches().areAny();
  }

  @Override
  public void proved(Duration lag) {
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
