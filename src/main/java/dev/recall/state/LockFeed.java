package dev.recall.state;

import dev.recall.redis.KeyWaits;
import dev.recall.redis.LockStore;
import dev.recall.redis.link.KeyChanges;
import java.time.Duration;
import java.util.List;

/** Is told of every change of a lock, and wakes those who wait for it. */
final class LockFeed implements KeyChanges.Listener {

  private final KeyWaits keyWaits;

  LockFeed(KeyWaits keyWaits) {
    this.keyWaits = keyWaits;
  }

  @Override
  public List<String> prefixes() {
    return List.of(LockStore.prefix());
  }

  @Override
  public boolean isNeeded() {
    return keyWaits.areAny();
  }

  @Override
  public void proved(Duration lag) {
    keyWaits.hear(true);
  }

  @Override
  public void changed(String key) {
    keyWaits.wake(LockStore.name(key));
  }

  @Override
  public void allChanged() {
    keyWaits.wakeAll();
  }

  @Override
  public void lost() {
    keyWaits.hear(false);
  }
}
