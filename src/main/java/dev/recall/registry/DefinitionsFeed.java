package dev.recall.registry;

import dev.recall.redis.DefinitionStore;
import dev.recall.redis.link.KeyChanges;
import java.time.Duration;
import java.util.List;

/** Is told when definitions in Redis may have changed, and whether that is told at all. */
public final class DefinitionsFeed implements KeyChanges.Listener {

  private volatile Runnable look = () -> {};
  private volatile boolean hearing;

  /** What is done when they may have changed; called on any thread. */
  void onNews(Runnable looking) {
    look = looking;
  }

  /** Whether changes are heard of. */
  boolean isHearing() {
    return hearing;
  }

  @Override
  public List<String> prefixes() {
    return List.of(DefinitionStore.prefix());
  }

  @Override
  public boolean isNeeded() {
    return false; // who is cut off looks when it hears again
  }

  @Override
  public void proved(Duration lag) {
    if (!hearing) {
      hearing = true;
      look.run();
    }
  }

  @Override
  public void changed(String key) {
    look.run();
  }

  @Override
  public void allChanged() {
    look.run();
  }

  @Override
  public void lost() {
    hearing = false;
  }
}
