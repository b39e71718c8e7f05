package dev.recall.client;

import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/**
 * Something that is had for a time, a lock or a lease, and renewed at a third of it until it is
 * left. It is lost where a renewal is refused, or none was answered before its time was over.
 * Thread-safe.
 */
final class Hold {

  private static final long SHORTEST_PATIENCE_MS = 50;
  private static final int RENEWALS = 3;
  private static final int TRIES = 10;
  private static final long NONE = -1;

  private final Context context;
  private final LongSupplier nanoTime;
  private final long ttlMs;
  private final Renewal renewal;
  private final CompletableFuture<Void> lost = new CompletableFuture<>();
  private long until;
  private long timer = NONE;
  private boolean left;

  /** Has it live on. */
  interface Renewal {

    /**
     * Asks for it.
     *
     * @param patience longest wait for the answer
     * @return for how long it lives since it was asked for, in milliseconds
     */
    Future<Long> ask(Duration patience);
  }

  /**
   * A hold that is kept from now on.
   *
   * @param context whose event loop keeps it
   * @param since a moment from which on its time counts, in nanoseconds of the clock
   */
  Hold(Context context, LongSupplier nanoTime, Duration ttl, long since, Renewal renewal) {
    this.context = context;
    this.nanoTime = nanoTime;
    this.ttlMs = ttl.toMillis();
    this.renewal = renewal;
    until = since + ttl.toNanos();
    later(ttlMs / RENEWALS);
  }

  /** Completed when it is lost; never, where it was left before. */
  CompletableFuture<Void> lost() {
    return lost;
  }

  synchronized boolean isLost() {
    return lost.isDone() || (!left && nanoTime.getAsLong() - until >= 0);
  }

  /** It is lost, whatever a renewal would answer. */
  void lose() {
    lost.complete(null);
  }

  /** Ends the renewal. */
  synchronized void leave() {
    left = true;
    if (timer != NONE) {
      context.owner().cancelTimer(timer);
    }
  }

  private void later(long milliseconds) {
    context.runOnContext(turn -> set(Math.max(1, milliseconds)));
  }

  private synchronized void set(long milliseconds) {
    if (!left) {
      Vertx vertx = context.owner();
      timer = vertx.setTimer(milliseconds, due -> renew());
    }
  }

  private void renew() {
    long begun = nanoTime.getAsLong();
    long leftMs = leftMs(begun);
    if (leftMs <= 0) {
      lose();
      return;
    }
    long patience = Math.max(SHORTEST_PATIENCE_MS, Math.min(ttlMs / RENEWALS, leftMs));
    renewal
        .ask(Duration.ofMillis(patience))
        .onComplete(
            (livesMs, failure) -> {
              if (failure == null) {
                renewed(begun, livesMs);
              } else {
                failed(failure);
              }
            });
  }

  private void renewed(long begun, long livesMs) {
    synchronized (this) {
      until = begun + Duration.ofMillis(livesMs).toNanos();
    }
    later(ttlMs / RENEWALS);
  }

  private void failed(Throwable failure) {
    long leftMs = leftMs(nanoTime.getAsLong());
    if (leftMs > 0 && !FailureException.isOneOf(failure, Failure.LOCK_LOST, Failure.LEASE_LOST)) {
      later(Math.min(ttlMs / TRIES, leftMs));
      return;
    }
    synchronized (this) {
      if (left) { // it was given back meanwhile
        return;
      }
    }
    lose();
  }

  private synchronized long leftMs(long now) {
    return Duration.ofNanos(until - now).toMillis();
  }
}
