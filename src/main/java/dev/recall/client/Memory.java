package dev.recall.client;

import dev.recall.api.ComputationsApi.Define;
import dev.recall.api.LeaseApi;
import dev.recall.api.LeaseApi.Granted;
import dev.recall.api.LeaseApi.Take;
import dev.recall.client.ResultCalls.Taken;
import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Has results remembered that callers make: one of all who ask makes it, under a lease, and the
 * others get it from him. Where Recall is away each makes his own.
 */
final class Memory {

  private static final Duration A_MOMENT = Duration.ofMillis(10);
  private static final Duration LONGEST_WAIT = Duration.ofDays(365);

  private final Context context;
  private final Asker asker;
  private final Holdings holdings;
  private final LongSupplier nanoTime;
  private final Silences silences;
  private final Map<String, Future<?>> defining = new ConcurrentHashMap<>();

  Memory(Context context, Asker asker, Holdings holdings, LongSupplier nanoTime) {
    this.context = context;
    this.asker = asker;
    this.holdings = holdings;
    this.nanoTime = nanoTime;
    silences = new Silences(nanoTime, asker.timeout());
  }

  Future<String> remember(Remembering what, String input, Supplier<Future<String>> make) {
    if (silences.isOne()) {
      return Work.begun(make);
    }
    Duration wait = shorter(what.waitAtMost().orElse(asker.timeout()), LONGEST_WAIT);
    long ends = nanoTime.getAsLong() + wait.toNanos();
    return take(what, input, ends, Duration.ZERO)
        .recover(
            failure ->
                FailureException.isOneOf(failure, Failure.NO_SUCH_COMPUTATION)
                        && what.definition().isPresent()
                    ? define(what).compose(defined -> take(what, input, ends, Duration.ZERO))
                    : Future.failedFuture(failure))
        .transform(
            (taken, failure) -> {
              if (failure == null) {
                return taken.lease().isEmpty()
                    ? Future.succeededFuture(taken.result())
                    : made(what, taken.lease().get(), make);
              }
              if (isAnswer(failure)) {
                return Future.failedFuture(failure);
              }
              silences.tell(what.computation(), failure);
              return Work.begun(make);
            });
  }

  /** Whether it is what a maker has said, who could be this one. */
  private static boolean isAnswer(Throwable failure) {
    return FailureException.isOneOf(failure, Failure.NO_SUCH_RESULT, Failure.TRY_LATER);
  }

  private Future<Taken> take(Remembering what, String input, long ends, Duration wait) {
    return asker
        .ask(ResultCalls.TAKE, () -> new Take(what.computation(), input, what.lease(), wait), wait)
        .recover(
            failure -> {
              Duration left = Duration.ofNanos(ends - nanoTime.getAsLong());
              boolean waits =
                  FailureException.isOneOf(failure, Failure.LEASE_HELD)
                      && left.compareTo(A_MOMENT) > 0;
              return waits
                  ? take(what, input, ends, shorter(left, LeaseApi.MAX_WAIT))
                  : Future.failedFuture(failure);
            });
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  /** Defines it once for all who ask meanwhile. */
  private Future<?> define(Remembering what) {
    Promise<Object> promise = Promise.promise();
    Future<?> other = defining.putIfAbsent(what.computation(), promise.future());
    if (other != null) {
      return other;
    }
    return asker
        .ask(
            ResultCalls.DEFINE,
            () -> new Define(what.computation(), what.definition().orElseThrow()))
        .onComplete(
            (defined, failure) -> {
              defining.remove(what.computation());
              if (failure == null) {
                promise.complete(defined);
              } else {
                promise.fail(failure);
              }
            });
  }

  private Future<String> made(Remembering what, Granted lease, Supplier<Future<String>> make) {
    HeldLease held =
        new HeldLease(
            asker,
            lease,
            new Hold(
                context,
                nanoTime,
                what.lease(),
                nanoTime.getAsLong(),
                patience -> HeldLease.renewed(asker, lease, what.lease(), patience)));
    holdings.add(held, held::end);
    return Work.begun(make)
        .transform(
            (result, failure) -> {
              holdings.remove(held);
              if (failure != null) {
                return held.giveBack(failure).transform(told -> Future.failedFuture(failure));
              }
              return held.put(result)
                  .onFailure(refused -> silences.tell(what.computation(), refused))
                  .transform(told -> Future.succeededFuture(result));
            });
  }
}
