package dev.recall.state;

import dev.recall.redis.RedisKeys;
import dev.recall.redis.Watches;
import dev.recall.redis.link.KeyChanges;
import java.time.Duration;
import java.util.List;

/** Is told of every change of a lock, and wakes those who wait for it. */
final class LockFeed implements KeyChanges.Listener {

  private final Watches watches;

  LockFeed(Watches watches) {
    this.watches = watches;
  }

  @Override
  public List<String> prefixes() {
    return List.of(RedisKeys.LOCK);
  }

  @Override
  public boolean isNeeded() {
    return watches.areAny();
  }

  @Override
  public void proved(Duration lag) {
    watches.hear(true);
  }

  @Override
  public void changed(String key) {
    watches.wake(key);
  }

  @Override
  public void allChanged() {
    watches.wakeAll();
  }

  @Override
  public void lost() {
    watches.hear(false);
  }
}
