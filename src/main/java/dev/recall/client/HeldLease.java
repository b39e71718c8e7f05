package dev.recall.client;

import dev.recall.api.LeaseApi.Granted;
import dev.recall.api.LeaseApi.Put;
import dev.recall.api.LeaseApi.Reason;
import dev.recall.api.LeaseApi.Release;
import dev.recall.api.LeaseApi.Renew;
import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The lease to make one result, until that is put, or the lease is given back. */
final class HeldLease {

  private static final Duration LONGEST_PAUSE = Duration.ofHours(1);

  private final Asker asker;
  private final Granted lease;
  private final Hold hold;

  HeldLease(Asker asker, Granted lease, Hold hold) {
    this.asker = asker;
    this.lease = lease;
    this.hold = hold;
  }

  static Future<Long> renewed(Asker asker, Granted lease, Duration ttl, Duration patience) {
    return asker
        .settle(
            ResultCalls.RENEW,
            () -> new Renew(lease.computation(), lease.input(), lease.token(), ttl),
            patience)
        .map(Granted::expiresInMs);
  }

  /** Stores the result; where that is refused, the next one may make it. */
  Future<Void> put(@Nullable String result) {
    hold.leave();
    if (result == null) {
      FailureException none = FailureException.invalid("result", "there is no result, but null");
      return release(Reason.FAILED, none.detail(), Duration.ZERO)
          .transform(told -> Future.failedFuture(none));
    }
    return asker
        .settle(
            ResultCalls.PUT,
            () -> new Put(lease.computation(), lease.input(), result, Optional.of(lease.token())),
            asker.timeout())
        .recover(
            refused ->
                FailureException.isOneOf(refused, Failure.LEASE_LOST)
                    ? Future.succeededFuture() // somebody else has written, or makes it
                    : release(Reason.FAILED, "", Duration.ZERO)
                        .transform(told -> Future.failedFuture(refused)));
  }

  /** Ends it without a result, for this reason. */
  Future<Void> giveBack(Throwable why) {
    hold.leave();
    if (!(why instanceof FailureException failure)) {
      return release(Reason.FAILED, why.getClass().getSimpleName(), Duration.ZERO);
    }
    Reason reason =
        switch (failure.failure()) {
          case NO_SUCH_RESULT -> Reason.NOT_FOUND;
          case TRY_LATER -> Reason.TRY_LATER;
          default -> Reason.FAILED;
        };
    Duration pause = failure.retryAfter();
    return release(
        reason, failure.detail(), pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause);
  }

  /** The same, since its client is closed. */
  Future<Void> end() {
    hold.leave();
    return release(Reason.FAILED, "its maker has ended", Duration.ZERO);
  }

  private Future<Void> release(Reason reason, String detail, Duration pause) {
    return asker.settle(
        ResultCalls.RELEASE,
        () -> new Release(lease.computation(), lease.input(), lease.token(), reason, detail, pause),
        asker.timeout());
  }
}
