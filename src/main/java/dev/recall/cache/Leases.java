package dev.recall.cache;

import dev.recall.api.CacheApi.Result;
import dev.recall.api.Facts;
import dev.recall.api.Facts.Level;
import dev.recall.cache.Policy.Question;
import dev.recall.failure.Failure;
import dev.recall.redis.LeaseStore;
import dev.recall.redis.LeaseStore.Claim;
import dev.recall.redis.ResultStore.Found;
import dev.recall.redis.Watches.Watch;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
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

  /** The longest time between two looks at another's lease, while no changes are heard of. */
  private static final long DEAF_MS = 100;

  private final Vertx vertx;
  private final CacheNode node;
  private final LeaseStore store;
  private final Loader loader;
  private final SplittableRandom random = new SplittableRandom();

  /** Leases for the verticle whose context is current. */
  Leases(Vertx vertx, CacheNode node, LeaseStore store, Loader loader) {
    this.vertx = vertx;
    this.node = node;
    this.store = store;
    this.loader = loader;
  }

  /**
   * A result that was not there, computed here or by whoever is computing it now.
   *
   * @param isGood which results will do: one may have been stored since it was looked for
   * @return failed with what the computation failed with, or {@link Failure#TIMED_OUT}
   */
  Future<Result> load(Question question, Predicate<Found> isGood) {
    return new Load(question, isGood, false).begin();
  }

  /**
   * The same, for a result that is still there.
   *
   * @return failed, too, where no lease is to be had
   */
  Future<Result> refresh(Question question, Predicate<Found> isGood) {
    return new Load(question, isGood, true).begin();
  }

  /** A result computed here and not remembered, for when Redis is away. */
  Future<Result> computeAlone(Question question) {
    return computeAlone(question, loader.deadline().toMillis());
  }

  private Future<Result> computeAlone(Question question, long leftMs) {
    return loader
        .compute(question, leftMs)
        .map(text -> question.result(text, new Facts(Level.COMPUTED, 0, 0, false, false, true)));
  }

  /** One result on its way: round after round until somebody has it. */
  private final class Load {

    private final Question question;
    private final Predicate<Found> isGood;
    private final boolean refresh;
    private final long ends = node.clock().read() + loader.deadline().toNanos();
    private final Promise<Result> loaded = node.promise();
    private boolean waited;

    Load(Question question, Predicate<Found> isGood, boolean refresh) {
      this.question = question;
      this.isGood = isGood;
      this.refresh = refresh;
    }

    Future<Result> begin() {
      next();
      return loaded.future();
    }

    // No chain of futures, which would grow with every round.
    private void next() {
      round()
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
    private Future<Optional<Result>> round() {
      Watch watch = node.watches().on(question.key()); // first: no change goes unseen
      String token = node.newToken();
      return store
          .claim(question.key(), token, node.lease())
          .transform(
              (claim, away) ->
                  away == null ? decide(claim, token, watch) : giveUp(token).map(Optional::of))
          .onComplete(decided -> watch.close());
    }

    private Future<Optional<Result>> decide(Claim claim, String token, Watch watch) {
      Optional<Found> good = claim.found().filter(isGood);
      if (claim.won()) {
        Lease lease = new Lease(vertx, node, store, question.key(), token);
        if (good.isEmpty()) {
          return lead(lease.guarded(watch), claim.found()).map(Optional::of);
        }
        lease.release();
      }
      if (good.isPresent()) {
        return Future.succeededFuture(good.map(this::found));
      }
      return await(watch, claim.leaseMs());
    }

    // Whether the lease was taken may be unknown.
    private Future<Result> giveUp(String token) {
      Lease.release(store, question.key(), token);
      return alone();
    }

    private Future<Result> alone() {
      return refresh
          ? Future.failedFuture(Failure.REDIS_UNAVAILABLE.because("no lease is to be had"))
          : computeAlone(question, leftMs());
    }

    private Future<Optional<Result>> await(Watch watch, long leaseMs) {
      long begun = node.clock().read();
      if (begun >= ends) {
        return Future.failedFuture(loader.late());
      }
      waited = true;
      return watch
          .changed(Math.min(leftMs(), Math.min(leaseMs + 1, pauseMs())))
          .map(
              over -> {
                node.meters().waitedForLease(Duration.ofNanos(node.clock().read() - begun));
                return Optional.empty();
              });
    }

    private long pauseMs() {
      return node.watches().areHearing()
          ? Long.MAX_VALUE
          : DEAF_MS / 2 + random.nextLong(DEAF_MS / 2);
    }

    private Future<Result> lead(Lease lease, Optional<Found> seen) {
      return loader
          .compute(question, leftMs())
          .compose(text -> node.holding(question, text.length(), () -> keep(lease, text, seen)))
          .onFailure(failure -> lease.release());
    }

    private Future<Result> keep(Lease lease, String text, Optional<Found> seen) {
      Freshness freshness = question.policy().freshness();
      Duration kept = freshness.keep(random);
      return lease
          .store(text, kept, seen)
          .map(
              stored -> {
                long left = stored ? kept.minus(freshness.staleFor()).toMillis() : 0;
                boolean degraded = node.near().isBypassed();
                return question.result(
                    text, new Facts(Level.COMPUTED, left, 0, stored, false, degraded));
              });
    }

    private Result found(Found found) {
      Freshness freshness = question.policy().freshness();
      long left = freshness.lifeLeftMs(found);
      Level level = waited ? Level.COMPUTED : Level.REDIS;
      boolean degraded = node.near().isBypassed();
      return question.result(
          found.text(), new Facts(level, left, freshness.ageMs(left), waited, waited, degraded));
    }

    private long leftMs() {
      return Math.max(1, TimeUnit.NANOSECONDS.toMillis(ends - node.clock().read()));
    }
  }
}
