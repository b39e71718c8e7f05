package dev.recall.state;

import dev.recall.config.Settings;
import dev.recall.redis.Watches;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.security.SecureRandom;
import java.util.Base64;

/** What the state verticles of a node share. Thread-safe. */
public final class StateNode {

  private static final int TOKEN_BYTES = 32;

  private final VertxInternal vertx;
  private final Settings settings;
  private final SecureRandom random = new SecureRandom();
  private final Watches watches;
  private final LockQueues queues;
  private final LocalRates localRates = new LocalRates(System::nanoTime);
  private final StateMeters meters;

  /**
   * A node on which nobody waits.
   *
   * @param lockWaiters how many may wait for locks at a time
   */
  public StateNode(Vertx vertx, Settings settings, int lockWaiters, MeterRegistry registry) {
    this.vertx = (VertxInternal) vertx;
    this.settings = settings;
    watches = new Watches(vertx);
    queues = new LockQueues(vertx, lockWaiters);
    meters = new StateMeters(registry, queues);
  }

  Settings settings() {
    return settings;
  }

  Watches watches() {
    return watches;
  }

  LockQueues queues() {
    return queues;
  }

  LocalRates localRates() {
    return localRates;
  }

  StateMeters meters() {
    return meters;
  }

  long nanoTime() {
    return System.nanoTime();
  }

  /** Does something on the event loop whose turn it is, so many milliseconds from now. */
  void later(long milliseconds, Runnable action) {
    vertx.setTimer(milliseconds, now -> action.run());
  }

  /** From now on nobody waits for a lock: who does is told that somebody else has it. */
  public void stopWaiting() {
    queues.close();
    watches.wakeAll();
  }

  /** A promise of the verticle whose context is current: its timeouts fire there, too. */
  <T> Promise<T> promise() {
    return vertx.promise();
  }

  /** 256 random bits, for what nobody shall guess. */
  String newToken() {
    byte[] bytes = new byte[TOKEN_BYTES];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
