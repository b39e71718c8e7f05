package dev.recall.client;

import dev.recall.api.DocumentApi.Fence;
import dev.recall.api.LockApi;
import dev.recall.api.LockApi.Held;
import dev.recall.failure.Failure;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

/**
 * A lock that is held, and renewed at a third of its life until it is released, is lost, or its
 * client is closed. Thread-safe.
 */
public final class HeldLock {

  private final Vertx vertx;
  private final Asker asker;
  private final Holdings holdings;
  private final Held held;
  private final Hold hold;

  HeldLock(Vertx vertx, Asker asker, Holdings holdings, Held held, Hold hold) {
    this.vertx = vertx;
    this.asker = asker;
    this.holdings = holdings;
    this.held = held;
    this.hold = hold;
  }

  /** Gives back one that nobody keeps. */
  static Future<Void> release(Asker asker, Held held) {
    return asker.settle(
        StateCalls.RELEASE, () -> new LockApi.Release(held.name(), held.token()), asker.timeout());
  }

  /** What it is called. */
  public String name() {
    return held.name();
  }

  /** A number higher than that of everybody who had the lock before, to be sent with each write. */
  public long fence() {
    return held.fence();
  }

  /** The same, as a document takes it. */
  public Fence asFence() {
    return new Fence(held.name(), held.fence());
  }

  /**
   * Succeeds when somebody else may have the lock: a renewal was refused, none was answered in
   * time, or the client was closed. It never completes where the lock is released before.
   */
  public Future<Void> lost() {
    return Future.fromCompletionStage(hold.lost(), vertx.getOrCreateContext());
  }

  /** Whether somebody else may have it. */
  public boolean isLost() {
    return hold.isLost();
  }

  /**
   * Gives it back, and ends its renewal in any case.
   *
   * @return failed as {@link Failure#LOCK_LOST} where it was not held any more
   */
  public Future<Void> release() {
    boolean wasLost = hold.isLost();
    hold.leave();
    holdings.remove(this);
    return release(asker, held)
        .transform(
            (released, failure) ->
                wasLost
                    ? Future.failedFuture(
                        Failure.LOCK_LOST.because("the lock was lost before it was released"))
                    : failure == null ? Future.succeededFuture() : Future.failedFuture(failure));
  }

  /** Gives it back, as lost to its holder: its client is closed. */
  Future<Void> end() {
    hold.lose();
    return release();
  }
}
