package dev.recall.cache;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.recall.api.CacheApi.Result;
import dev.recall.api.CacheStatus;
import dev.recall.api.CacheStatus.Level;
import dev.recall.cache.Claims.Claimed;
import dev.recall.cache.Policy.Question;
import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import dev.recall.loop.OwnContext;
import dev.recall.redis.LeaseStore.Claim;
import dev.recall.redis.ResultStore.Found;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import java.util.function.Predicate;

/**
 * One computation per key in the whole cluster: whoever takes the lease of the key computes and
 * stores, all others wait until Redis tells of the result, or the lease has ended; where it cannot
 * tell of changes they look now and then. A lease is renewed while its holder computes, and ends
 * soon after its holder died. Where none is to be had, each node computes for itself.
 *
 * <p>A result is stored only under the lease it was computed under: an invalidation removes that,
 * so nothing computed before it comes back.
 */
final class Leases {

  private final Vertx vertx;
  private final Claims claims;
  private final LeaseWaits waits;
  private final Leader leader;
  private final ComputeRequester loader;
  private final NearCache near;
  private final Ticker clock;

  /** Leases for the verticle whose context is current. */
  Leases(
      Vertx vertx,
      Claims claims,
      LeaseWaits waits,
      Leader leader,
      ComputeRequester loader,
      NearCache near,
      Ticker clock) {
    this.vertx = vertx;
    this.claims = claims;
    this.waits = waits;
    this.leader = leader;
    this.loader = loader;
    this.near = near;
    this.clock = clock;
  }

  /**
   * A result that was not there, computed here or by whoever is computing it now.
   *
   * @param isGood which results will do: one may have been stored since it was looked for
   * @return failed with what the computation failed with, or {@link Failure#TIMED_OUT}
   */
  Future<Result> load(Question question, Predicate<Found> isGood) {
    return new Load(question, isGood, leftMs -> leader.computeAlone(question, leftMs)).begin();
  }

  /**
   * The same, for a result that is still there.
   *
   * @return failed, too, where no lease is to be had
   */
  Future<Result> refresh(Question question, Predicate<Found> isGood) {
    return new Load(question, isGood, leftMs -> Future.failedFuture(noLease())).begin();
  }

  /** A result computed here and not remembered, for when Redis is away. */
  Future<Result> computeAlone(Question question) {
    return leader.computeAlone(question, loader.deadline().toMillis());
  }

  private static Throwable noLease() {
    return Failure.REDIS_UNAVAILABLE.because("no lease is to be had");
  }

  /** One result on its way: round after round until somebody has it. */
  private final class Load {

    private final Question question;
    private final Predicate<Found> isGood;
    private final LongFunction<Future<Result>> withoutLease;
    private final long ends = clock.read() + loader.deadline().toNanos();
    private final Promise<Result> loaded = OwnContext.promise(vertx);
    private boolean waited;

    /**
     * A load that has not begun.
     *
     * @param withoutLease what is done where no lease is to be had, with the milliseconds left
     */
    Load(Question question, Predicate<Found> isGood, LongFunction<Future<Result>> withoutLease) {
      this.question = question;
      this.isGood = isGood;
      this.withoutLease = withoutLease;
    }

    Future<Result> begin() {
      next();
      return loaded.future();
    }

    // No chain of futures, which would grow with every round.
    private void next() {
      claims
          .claim(question.key(), this::decide, () -> withoutLease.apply(leftMs()).map(Optional::of))
          .onComplete(
              (result, failure) -> {
                if (failure != null) {
                  loaded.fail(failure);
                } else if (result.isPresent()) {
                  loaded.complete(result.get());
                } else {
                  next();
                }
              });
    }

    /** The result, or none after a wait for another's. */
    private Future<Optional<Result>> decide(Claimed claimed) {
      Claim claim = claimed.claim();
      Optional<Found> good = claim.found().filter(isGood);
      Optional<FailureException> refusal = good.isEmpty() ? claimed.refusal() : Optional.empty();
      if (refusal.isPresent()) {
        return Future.failedFuture(refusal.get());
      }
      if (claim.won() && good.isEmpty()) {
        return leader.lead(question, claimed.lease(), claim.found(), leftMs()).map(Optional::of);
      }
      if (claim.won()) {
        claimed.release();
      }
      return good.isPresent() ? Future.succeededFuture(good.map(this::found)) : await(claimed);
    }

    private Future<Optional<Result>> await(Claimed claimed) {
      if (clock.read() >= ends) {
        return Future.failedFuture(loader.late());
      }
      waited = true;
      return waits
          .await(claimed.watch(), claimed.claim().leaseMs(), leftMs())
          .map(over -> Optional.empty());
    }

    private Result found(Found found) {
      Freshness freshness = question.policy().freshness();
      long left = freshness.lifeLeftMs(found);
      Level level = waited ? Level.COMPUTED : Level.REDIS;
      boolean degraded = near.isBypassed();
      return question.result(
          found.text(),
          new CacheStatus(level, left, freshness.ageMs(left), waited, waited, degraded));
    }

    private long leftMs() {
      return Math.max(1, TimeUnit.NANOSECONDS.toMillis(ends - clock.read()));
    }
  }
}
