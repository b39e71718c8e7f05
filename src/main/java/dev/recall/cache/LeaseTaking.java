package dev.recall.cache;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.recall.api.CacheApi.Result;
import dev.recall.api.CacheStatus;
import dev.recall.api.CacheStatus.Level;
import dev.recall.api.LeaseApi;
import dev.recall.api.LeaseApi.Granted;
import dev.recall.api.LeaseApi.Take;
import dev.recall.api.LeaseApi.Taken;
import dev.recall.cache.Claims.Claimed;
import dev.recall.cache.NearCache.Stamp;
import dev.recall.cache.Policy.Question;
import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import dev.recall.loop.OwnContext;
import dev.recall.redis.LeaseStore;
import dev.recall.redis.LeaseStore.Claim;
import dev.recall.redis.ResultStore.Found;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Gives callers results that others of them have made, or the lease to make them: to one at a time,
 * of all nodes; the others wait until there is news of the key.
 */
final class LeaseTaking {

  private final Vertx vertx;
  private final NearCache near;
  private final Claims claims;
  private final LeaseStore store;
  private final LeaseWaits waits;
  private final LeaseTokens tokens;
  private final NodeLeases alone;
  private final Ticker clock;

  LeaseTaking(
      Vertx vertx,
      NearCache near,
      Claims claims,
      LeaseStore store,
      LeaseWaits waits,
      LeaseTokens tokens,
      NodeLeases alone,
      Ticker clock) {
    this.vertx = vertx;
    this.near = near;
    this.claims = claims;
    this.store = store;
    this.waits = waits;
    this.tokens = tokens;
    this.alone = alone;
    this.clock = clock;
  }

  /** The result, or the lease to make it. */
  Future<Taken> take(Question question, Take take) {
    NearCache.Copy copy = near.get(question.key());
    if (copy != null && !isDue(question, near.lifeLeftMs(copy))) {
      long left = near.lifeLeftMs(copy);
      return Future.succeededFuture(
          new LeaseApi.Found(
              question.result(
                  copy.text(), copy.digest(), status(question, Level.NEAR, left, false, false))));
    }
    Asking asking = new Asking(question, take);
    return take.maxWait().isZero() ? asking.begin() : alone.waiting(asking::begin);
  }

  /** A lease as its holder sees it. */
  static Granted granted(Question question, String token, Duration ttl) {
    return new Granted(question.policy().computation(), question.input(), token, ttl.toMillis());
  }

  private static boolean isDue(Question question, long left) {
    return question.policy().freshness().isRefreshDue(left);
  }

  private CacheStatus status(
      Question question, Level level, long left, boolean stored, boolean collapsed) {
    return new CacheStatus(
        level,
        left,
        question.policy().freshness().ageMs(left),
        stored,
        collapsed,
        near.isBypassed());
  }

  /** One caller's question, round after round until there is an answer. */
  private final class Asking {

    private final Question question;
    private final Take take;
    private final long ends;
    private final Promise<Taken> outcome = OwnContext.promise(vertx);
    private boolean waited;
    private boolean gone;

    Asking(Question question, Take take) {
      this.question = question;
      this.take = take;
      ends = clock.read() + take.maxWait().toNanos();
      take.gone().ifPresent(this::heed);
    }

    // It completes on the loop of whoever asks.
    private void heed(Future<Void> whenGone) {
      Promise<Void> here = OwnContext.promise(vertx);
      whenGone.onComplete(here);
      here.future()
          .onComplete(
              now -> {
                gone = true;
                outcome.tryFail(held(0));
              });
    }

    Future<Taken> begin() {
      next();
      return outcome.future();
    }

    // No chain of futures, which would grow with every round.
    private void next() {
      if (outcome.future().isComplete()) {
        return;
      }
      String token = tokens.secret();
      Stamp stamp = near.stamp(question.key()); // a claim reads the key
      claims
          .<Optional<Taken>>claim(
              question.key(),
              token,
              take.ttl(),
              claimed -> decide(claimed, token, stamp),
              this::withoutRedis)
          .onComplete(
              (taken, failure) -> {
                if (failure != null) {
                  outcome.tryFail(failure);
                } else if (taken.isEmpty()) {
                  next();
                } else if (!outcome.tryComplete(taken.get())) {
                  giveBack(taken.get());
                }
              });
    }

    private Future<Optional<Taken>> decide(Claimed claimed, String token, Stamp stamp) {
      Claim claim = claimed.claim();
      Optional<Found> valid = claim.found();
      long left = valid.map(question.policy().freshness()::lifeLeftMs).orElse(0L);
      boolean isFresh = valid.isPresent() && left > 0;
      boolean isWanted = !isFresh || (isDue(question, left) && !waited);
      Optional<FailureException> refusal = isWanted ? claimed.refusal() : Optional.empty();
      if (refusal.isPresent()) {
        return refused(refusal.get(), valid, left).map(Optional::of);
      }
      if (claim.won() && isWanted) {
        claimed.begun();
        CallerToken whole = new CallerToken(token, LeaseStore.digest(valid));
        return Future.succeededFuture(Optional.of(granted(question, whole.text(), take.ttl())));
      }
      if (claim.won()) {
        claimed.release();
      }
      if (isFresh) {
        return Future.succeededFuture(Optional.of(fresh(valid.get(), left, stamp)));
      }
      if (gone || clock.read() - ends >= 0) {
        return valid.isPresent()
            ? Future.succeededFuture(Optional.of(old(valid.get(), left)))
            : Future.failedFuture(held(claim.leaseMs()));
      }
      waited = true;
      return waits.await(claimed.watch(), claim.leaseMs(), leftMs()).map(over -> Optional.empty());
    }

    private Future<Taken> refused(FailureException why, Optional<Found> old, long left) {
      return old.isPresent() && why.failure() != Failure.NO_SUCH_RESULT
          ? Future.succeededFuture(old(old.get(), left))
          : Future.failedFuture(why);
    }

    private Future<Optional<Taken>> withoutRedis() {
      Optional<String> token = alone.take(question.key(), tokens.secret(), take.ttl());
      if (token.isPresent()) {
        return Future.succeededFuture(Optional.of(granted(question, token.get(), take.ttl())));
      }
      return alone
          .awaited(question.key())
          .map(this::made)
          .orElse(Future.succeededFuture(Optional.empty()));
    }

    private Future<Optional<Taken>> made(NodeLeases.Awaited lease) {
      Promise<Optional<String>> told = OwnContext.promise(vertx);
      lease.outcome().onComplete(told);
      return told.future()
          .timeout(Math.max(1, Math.min(leftMs(), lease.leftMs())), TimeUnit.MILLISECONDS)
          .map(made -> made.map(this::unstored))
          .recover(failure -> isOver(failure) ? ended(lease) : Future.failedFuture(failure));
    }

    private static boolean isOver(Throwable failure) {
      return !(failure instanceof FailureException);
    }

    /** Neither a result nor a word: another round, unless the time is over. */
    private Future<Optional<Taken>> ended(NodeLeases.Awaited lease) {
      return clock.read() - ends >= 0
          ? Future.failedFuture(held(lease.leftMs()))
          : Future.succeededFuture(Optional.empty());
    }

    private Taken unstored(String text) {
      return new LeaseApi.Found(
          question.result(text, new CacheStatus(Level.COMPUTED, 0, 0, false, true, true)));
    }

    private Taken fresh(Found found, long left, Stamp stamp) {
      long digest = Result.digest(found.text());
      boolean stored = near.put(question.key(), found.text(), digest, left, stamp) || waited;
      Level level = waited ? Level.COMPUTED : Level.REDIS;
      return new LeaseApi.Found(
          question.result(found.text(), digest, status(question, level, left, stored, waited)));
    }

    private Taken old(Found found, long left) {
      Level level = left > 0 ? Level.REDIS : Level.STALE;
      return new LeaseApi.Found(
          question.result(found.text(), status(question, level, left, false, false)));
    }

    private void giveBack(Taken taken) {
      if (taken instanceof Granted lease && !NodeLeases.isOne(lease.token())) {
        Lease.release(store, question.key(), CallerToken.of(lease.token()).lease());
      }
    }

    private FailureException held(long leftMs) {
      return Failure.LEASE_HELD
          .because("somebody else makes this result")
          .retryAfter(Duration.ofMillis(Math.max(1, leftMs)));
    }

    private long leftMs() {
      return Math.max(1, TimeUnit.NANOSECONDS.toMillis(ends - clock.read()));
    }
  }
}
