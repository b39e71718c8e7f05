package dev.recall.redis;

import dev.recall.loop.OwnContext;
import dev.recall.redis.link.KeyChanges;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;

/**
 * Who waits for a key to change, as {@link KeyChanges} tells. Shared by all event loops of a node.
 */
public final class KeyWaits {

  private final Vertx vertx;
  private final ConcurrentMap<String, Set<KeyWait>> byKey = new ConcurrentHashMap<>();
  private volatile boolean hearing;

  /** Nobody waits, and nothing is heard of. */
  public KeyWaits(Vertx vertx) {
    this.vertx = vertx;
  }

  /** Whether changes are heard of at all. */
  public boolean areHearing() {
    return hearing;
  }

  /** Whether anybody waits. */
  public boolean areAny() {
    return !byKey.isEmpty();
  }

  /** From now on changes are heard of, or not; then everybody looks for himself. */
  public void hear(boolean changes) {
    boolean before = hearing;
    hearing = changes;
    if (before && !changes) {
      wakeAll();
    }
  }

  /** Begins to watch a key; to be closed. */
  public KeyWait on(String key) {
    KeyWait watch = new KeyWait(key);
    byKey.compute(
        key,
        (same, others) -> {
          Set<KeyWait> all = others == null ? ConcurrentHashMap.newKeySet() : others;
          all.add(watch);
          return all;
        });
    return watch;
  }

  /** A key has changed. */
  public void wake(String key) {
    Set<KeyWait> watching = byKey.get(key);
    if (watching != null) {
      watching.forEach(watch -> watch.changed.tryComplete());
    }
  }

  /** Any key may have changed. */
  public void wakeAll() {
    byKey.keySet().forEach(this::wake);
  }

  /** One wait, of the verticle that began it. */
  public final class KeyWait {

    private final String key;
    private final Promise<Void> changed = OwnContext.promise(vertx);

    private KeyWait(String key) {
      this.key = key;
    }

    /**
     * Completed when the key has changed since the watch began, or the time is over; then the watch
     * is closed.
     *
     * @param atMostMs 1 or more
     */
    public Future<Void> changed(long atMostMs) {
      return changed
          .future()
          .timeout(atMostMs, TimeUnit.MILLISECONDS)
          .otherwiseEmpty()
          .onComplete(over -> close());
    }

    /** Waits no more. */
    public void close() {
      changed.tryComplete(); // and with it the timer
      byKey.computeIfPresent(
          key,
          (same, all) -> {
            all.remove(this);
            return all.isEmpty() ? null : all;
          });
    }
  }
}
