package dev.recall.client;

import dev.recall.api.LockApi;
import dev.recall.api.LockApi.Acquire;
import dev.recall.api.LockApi.Held;
import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Takes locks, and keeps them for their holders. */
final class Locks {

  private static final Logger LOG = System.getLogger(RecallClient.class.getPackageName());

  private static final Duration LONGEST_WAIT = Duration.ofDays(365);

  private final Context context;
  private final Asker asker;
  private final Holdings holdings;
  private final LongSupplier nanoTime;

  Locks(Context context, Asker asker, Holdings holdings, LongSupplier nanoTime) {
    this.context = context;
    this.asker = asker;
    this.holdings = holdings;
    this.nanoTime = nanoTime;
  }

  Future<HeldLock> lock(String name, Duration ttl, Duration waitAtMost) {
    Duration wait = waitAtMost.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : waitAtMost;
    return acquire(name, ttl, nanoTime.getAsLong() + wait.toNanos(), wait);
  }

  /** Asks as often as the longest wait of one request goes into that of the caller. */
  private Future<HeldLock> acquire(String name, Duration ttl, long ends, Duration left) {
    Duration wait = left.compareTo(LockApi.MAX_WAIT) > 0 ? LockApi.MAX_WAIT : left;
    long begun = nanoTime.getAsLong();
    return asker
        .ask(StateCalls.ACQUIRE, () -> new Acquire(name, ttl, wait), wait)
        .compose(
            held -> held(held, ttl, begun),
            refused -> {
              Duration more = Duration.ofNanos(ends - nanoTime.getAsLong());
              return FailureException.isOneOf(refused, Failure.LOCK_HELD)
                      && left.compareTo(LockApi.MAX_WAIT) > 0
                      && more.toMillis() > 0
                  ? acquire(name, ttl, ends, more)
                  : Future.failedFuture(refused);
            });
  }

  private Future<HeldLock> held(Held held, Duration ttl, long begun) {
    long waited = nanoTime.getAsLong() - begun;
    if (waited < ttl.toNanos() / 3) {
      return Future.succeededFuture(kept(held, ttl, begun));
    }
    // Since when it is held, who waited so long knows only after a renewal.
    long renewing = nanoTime.getAsLong();
    return renewed(held, ttl, asker.timeout())
        .compose(
            lives -> Future.succeededFuture(kept(held, ttl, renewing)),
            failure ->
                HeldLock.release(asker, held).transform(done -> Future.failedFuture(failure)));
  }

  private HeldLock kept(Held held, Duration ttl, long since) {
    Hold hold = new Hold(context, nanoTime, ttl, since, patience -> renewed(held, ttl, patience));
    HeldLock lock = new HeldLock(context.owner(), asker, holdings, held, hold);
    holdings.add(lock, lock::end);
    return lock;
  }

  private Future<Long> renewed(Held held, Duration ttl, Duration patience) {
    return asker
        .settle(StateCalls.RENEW, () -> new LockApi.Renew(held.name(), held.token(), ttl), patience)
        .map(Held::expiresInMs);
  }

  <T> Future<T> withLock(
      String name, Duration ttl, Duration waitAtMost, Function<HeldLock, Future<T>> work) {
    return lock(name, ttl, waitAtMost)
        .compose(
            lock ->
                Work.begun(() -> work.apply(lock))
                    .transform(
                        (result, failure) ->
                            lock.release()
                                .transform(
                                    (released, why) ->
                                        failure != null
                                            ? Future.failedFuture(failure)
                                            : left(lock, result, why))));
  }

  private static <T> Future<T> left(HeldLock lock, T result, @Nullable Throwable why) {
    if (why == null) {
      return Future.succeededFuture(result);
    }
    if (FailureException.isOneOf(why, Failure.LOCK_LOST)) {
      return Future.failedFuture(why);
    }
    LOG.log(Level.WARNING, "The lock {0} was not released and runs out: {1}", lock.name(), why);
    return Future.succeededFuture(result);
  }
}
