package dev.recall.state;

import dev.recall.redis.KeyWaits;
import dev.recall.redis.link.KeyChanges;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.util.function.LongSupplier;

/** The parts of the state that all event loops of a node share, each thread-safe. */
public record StateParts(
    KeyWaits keyWaits,
    LockQueues queues,
    LocalRates localRates,
    Tokens tokens,
    StateMeters meters) {

  /**
   * Those of a node on which nobody waits; its meters are shown from now on.
   *
   * @param lockWaiters how many may wait for locks at a time, 2 or more
   * @param nanoTime as {@link System#nanoTime()}
   */
  public static StateParts of(
      Vertx vertx,
      int lockWaiters,
      LongSupplier nanoTime,
      SecureRandom random,
      MeterRegistry registry) {
    LockQueues queues = new LockQueues(vertx, lockWaiters);
    return new StateParts(
        new KeyWaits(vertx),
        queues,
        new LocalRates(nanoTime),
        new Tokens(random),
        new StateMeters(registry, queues));
  }

  /** Who is to be told of every change of a lock. */
  public KeyChanges.Listener feed() {
    return new LockFeed(keyWaits);
  }

  /** From now on nobody waits for a lock: who does is told that somebody else has it. */
  public void stopWaiting() {
    queues.close();
    keyWaits.wakeAll();
  }
}
