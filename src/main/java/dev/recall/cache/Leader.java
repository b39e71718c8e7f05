package dev.recall.cache;

import dev.recall.api.CacheApi.Result;
import dev.recall.api.CacheStatus;
import dev.recall.api.CacheStatus.Level;
import dev.recall.api.ComputeApi.Made;
import dev.recall.cache.Policy.Question;
import dev.recall.redis.ResultStore.Found;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Has a result computed for all who wait for it, and remembered where a lease allows that. */
final class Leader {

  private final ComputeRequester loader;
  private final NearCache near;
  private final LargeResults large;
  private final RandomGenerator random;

  Leader(ComputeRequester loader, NearCache near, LargeResults large, RandomGenerator random) {
    this.loader = loader;
    this.near = near;
    this.large = large;
    this.random = random;
  }

  /**
   * A result that is stored under a lease, which ends with that or with the failure.
   *
   * @param seen what was there when the lease was taken
   * @param leftMs of the deadline, 1 or more
   */
  Future<Result> lead(Question question, Lease lease, Optional<Found> seen, long leftMs) {
    lease.begun();
    return loader
        .compute(question, leftMs)
        .compose(
            made ->
                made.isToBeKept()
                    ? large.holding(
                        question.policy(),
                        made.result().length(),
                        () -> keep(question, lease, made, seen))
                    : passOn(question, lease, made))
        .onFailure(lease::refuse);
  }

  private Future<Result> passOn(Question question, Lease lease, Made made) {
    lease.release();
    return Future.succeededFuture(question.result(made.result(), notStored(near.isBypassed())));
  }

  private static CacheStatus notStored(boolean degraded) {
    return new CacheStatus(Level.COMPUTED, 0, 0, false, false, degraded);
  }

  /**
   * A result that is not remembered.
   *
   * @param leftMs of the deadline, 1 or more
   */
  Future<Result> computeAlone(Question question, long leftMs) {
    return loader
        .compute(question, leftMs)
        .map(made -> question.result(made.result(), notStored(true)));
  }

  private Future<Result> keep(Question question, Lease lease, Made made, Optional<Found> seen) {
    Freshness freshness = question.policy().freshness();
    Duration kept = freshness.keep(random, made.ttlMs());
    return lease
        .store(made.result(), kept, seen)
        .map(
            stored -> {
              long left = stored ? kept.minus(freshness.staleFor()).toMillis() : 0;
              boolean degraded = near.isBypassed();
              return question.result(
                  made.result(), new CacheStatus(Level.COMPUTED, left, 0, stored, false, degraded));
            });
  }
}
