package dev.recall.cache;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.recall.api.CacheStatus;
import dev.recall.api.CacheStatus.Level;
import dev.recall.api.LeaseApi;
import dev.recall.api.LeaseApi.Granted;
import dev.recall.api.LeaseApi.Put;
import dev.recall.api.LeaseApi.Release;
import dev.recall.api.LeaseApi.Renew;
import dev.recall.api.LeaseApi.Stored;
import dev.recall.api.LeaseApi.Take;
import dev.recall.api.LeaseApi.Taken;
import dev.recall.api.Removed;
import dev.recall.cache.Claims.Claimed;
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
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * Results that callers make: whoever asks first, on any node, gets the lease of the key and puts
 * the result under it; all others wait for that. A lease of somebody who is gone ends by itself,
 * and passes on. A result that is put without a lease wins over whoever makes one.
 */
final class CallerLeases {

  private final Vertx vertx;
  private final Policies policies;
  private final NearCache near;
  private final Flights<?> flights;
  private final LargeResults large;
  private final Claims claims;
  private final LeaseStore store;
  private final LeaseWaits waits;
  private final LeaseTokens tokens;
  private final NodeLeases alone;
  private final Ticker clock;
  private final RandomGenerator random;

  CallerLeases(
      Vertx vertx,
      Policies policies,
      NearCache near,
      Flights<?> flights,
      LargeResults large,
      Claims claims,
      LeaseStore store,
      LeaseWaits waits,
      LeaseTokens tokens,
      NodeLeases alone,
      Ticker clock,
      RandomGenerator random) {
    this.vertx = vertx;
    this.policies = policies;
    this.near = near;
    this.flights = flights;
    this.large = large;
    this.claims = claims;
    this.store = store;
    this.waits = waits;
    this.tokens = tokens;
    this.alone = alone;
    this.clock = clock;
    this.random = random;
  }

  /** The result, or the lease to make it. */
  Future<Taken> take(Take take) {
    Question question = question(take.computation(), take.input());
    NearCache.Copy copy = near.get(question.key());
    if (copy != null && !isDue(question, near.lifeLeftMs(copy))) {
      long left = near.lifeLeftMs(copy);
      return Future.succeededFuture(
          new LeaseApi.Found(
              question.result(
                  copy.text(), copy.digest(), status(question, Level.NEAR, left, false))));
    }
    Asking asking = new Asking(question, take);
    return take.maxWait().isZero() ? asking.begin() : alone.waiting(asking::begin);
  }

  /** Stores a result. */
  Future<Stored> put(Put put) {
    Question question = question(put.computation(), put.input());
    large.requireRoom(put.result().length());
    Freshness freshness = question.policy().freshness();
    Duration kept = freshness.keep(random, OptionalLong.empty());
    String key = question.key();
    Future<Boolean> stored =
        put.token().isEmpty()
            ? store.put(key, put.result(), kept).map(true)
            : under(question, put.token().get(), put.result(), kept);
    return stored.map(
        done -> {
          if (!done) {
            throw lost();
          }
          flights.forget(key);
          near.evict(key);
          long ttl = kept.minus(freshness.staleFor()).toMillis();
          return new Stored(put.computation(), question.input(), ttl);
        });
  }

  private Future<Boolean> under(Question question, String token, String result, Duration kept) {
    String key = question.key();
    if (NodeLeases.isOne(token)) {
      if (!alone.end(key, token, Future.succeededFuture(result))) {
        return Future.succeededFuture(false);
      }
      return Future.failedFuture(
          Failure.REDIS_UNAVAILABLE.because(
              "whoever waits on this node was told, and it is not remembered: Redis was away"));
    }
    Token parts = Token.of(token);
    return store.put(key, parts.lease(), result, kept, parts.seen());
  }

  /** Lets a lease live on. */
  Future<Granted> renew(Renew renew) {
    Question question = question(renew.computation(), renew.input());
    String key = question.key();
    Future<Boolean> held =
        NodeLeases.isOne(renew.token())
            ? Future.succeededFuture(alone.renew(key, renew.token(), renew.ttl()))
            : store.renew(key, Token.of(renew.token()).lease(), renew.ttl());
    return held.map(
        renewed -> {
          if (!renewed) {
            throw lost();
          }
          return granted(question, renew.token(), renew.ttl());
        });
  }

  /** Ends a lease without a result. */
  Future<Removed> release(Release release) {
    Question question = question(release.computation(), release.input());
    String key = question.key();
    Optional<FailureException> why = refusal(question.policy(), release);
    Future<Boolean> ended;
    if (NodeLeases.isOne(release.token())) {
      FailureException told =
          why.orElseGet(() -> Failure.ORIGIN_FAILED.because("its maker has failed"));
      ended = Future.succeededFuture(alone.end(key, release.token(), Future.failedFuture(told)));
    } else {
      String lease = Token.of(release.token()).lease();
      ended =
          why.isPresent() ? store.refuse(key, lease, why.get()) : store.release(key, lease, true);
    }
    return ended.map(
        done -> {
          if (!done) {
            throw lost();
          }
          return new Removed(1);
        });
  }

  private static Optional<FailureException> refusal(Policy policy, Release release) {
    Duration pause = release.pause();
    return switch (release.reason()) {
      case NOT_FOUND ->
          Optional.of(Failure.NO_SUCH_RESULT)
              .map(failure -> failure.because(orElse(release.detail(), "its maker found none")))
              .map(told -> told.retryAfter(pause.isZero() ? policy.notFoundFor() : pause))
              .filter(told -> !told.retryAfter().isZero());
      case TRY_LATER ->
          Optional.of(
              Failure.TRY_LATER
                  .because(orElse(release.detail(), "its maker wants to be asked later"))
                  .retryAfter(pause.isZero() ? Duration.ofSeconds(1) : pause));
      case FAILED ->
          pause.isZero()
              ? Optional.empty()
              : Optional.of(
                  Failure.ORIGIN_FAILED
                      .because(orElse(release.detail(), "its maker has failed"))
                      .retryAfter(pause));
    };
  }

  private static String orElse(String detail, String otherwise) {
    return detail.isEmpty() ? otherwise : detail;
  }

  private Question question(String computation, String input) {
    Policy policy = policies.of(computation);
    if (!policy.isByCallers()) {
      throw Failure.NOT_BY_CALLERS.because("the results of " + computation + " are made elsewhere");
    }
    return policy.question(input);
  }

  private static FailureException lost() {
    return Failure.LEASE_LOST.because("the lease is not, or no longer, held with this token");
  }

  private static boolean isDue(Question question, long left) {
    return question.policy().freshness().isRefreshDue(left);
  }

  private static Granted granted(Question question, String token, Duration ttl) {
    return new Granted(question.policy().computation(), question.input(), token, ttl.toMillis());
  }

  private CacheStatus status(Question question, Level level, long left, boolean collapsed) {
    return new CacheStatus(
        level,
        left,
        question.policy().freshness().ageMs(left),
        collapsed,
        collapsed,
        near.isBypassed());
  }

  /**
   * What a caller gets: the token of his lease, and what was there when he took it.
   *
   * @param seen as {@link LeaseStore#digest} makes it
   */
  private record Token(String lease, String seen) {

    static Token of(String text) {
      int dot = text.lastIndexOf('.');
      return dot < 0
          ? new Token(text, "-")
          : new Token(text.substring(0, dot), text.substring(dot + 1));
    }

    String text() {
      return lease + "." + seen;
    }
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
      claims
          .<Optional<Taken>>claim(
              question.key(),
              token,
              take.ttl(),
              claimed -> decide(claimed, token),
              () -> withoutRedis().map(Optional::of))
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

    private Future<Optional<Taken>> decide(Claimed claimed, String token) {
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
        Token whole = new Token(token, LeaseStore.digest(valid));
        return Future.succeededFuture(Optional.of(granted(question, whole.text(), take.ttl())));
      }
      if (claim.won()) {
        claimed.release();
      }
      if (isFresh) {
        return Future.succeededFuture(Optional.of(found(valid.get(), left)));
      }
      if (gone || clock.read() - ends >= 0) {
        return valid.isPresent()
            ? Future.succeededFuture(Optional.of(found(valid.get(), left)))
            : Future.failedFuture(held(claim.leaseMs()));
      }
      waited = true;
      return waits.await(claimed.watch(), claim.leaseMs(), leftMs()).map(over -> Optional.empty());
    }

    private Future<Taken> refused(FailureException why, Optional<Found> old, long left) {
      return old.isPresent() && why.failure() != Failure.NO_SUCH_RESULT
          ? Future.succeededFuture(found(old.get(), left))
          : Future.failedFuture(why);
    }

    private Future<Taken> withoutRedis() {
      Optional<String> token = alone.take(question.key(), tokens.secret(), take.ttl());
      return token.isPresent()
          ? Future.succeededFuture(granted(question, token.get(), take.ttl()))
          : made();
    }

    private Future<Taken> made() {
      Promise<String> told = OwnContext.promise(vertx);
      alone.made(question.key()).onComplete(told);
      return told.future()
          .timeout(leftMs(), TimeUnit.MILLISECONDS)
          .map(
              text ->
                  (Taken)
                      new LeaseApi.Found(
                          question.result(
                              text, new CacheStatus(Level.COMPUTED, 0, 0, false, true, true))))
          .recover(
              failure ->
                  Future.failedFuture(
                      failure instanceof FailureException ? failure : held(leftMs())));
    }

    private Taken found(Found found, long left) {
      Level level = left <= 0 ? Level.STALE : waited ? Level.COMPUTED : Level.REDIS;
      boolean collapsed = waited && left > 0;
      return new LeaseApi.Found(
          question.result(found.text(), status(question, level, left, collapsed)));
    }

    private void giveBack(Taken taken) {
      if (taken instanceof Granted lease && !NodeLeases.isOne(lease.token())) {
        Lease.release(store, question.key(), Token.of(lease.token()).lease());
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
