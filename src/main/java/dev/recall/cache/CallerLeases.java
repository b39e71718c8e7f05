package dev.recall.cache;

import dev.recall.api.CacheApi.Result;
import dev.recall.api.LeaseApi.Granted;
import dev.recall.api.LeaseApi.Put;
import dev.recall.api.LeaseApi.Release;
import dev.recall.api.LeaseApi.Renew;
import dev.recall.api.LeaseApi.Stored;
import dev.recall.api.LeaseApi.Take;
import dev.recall.api.LeaseApi.Taken;
import dev.recall.api.Removed;
import dev.recall.cache.Policy.Question;
import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import dev.recall.redis.LeaseStore;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;

/**
 * Results that callers make: whoever asks first, on any node, gets the lease of the key and puts
 * the result under it; all others wait for that. A lease of somebody who is gone ends by itself,
 * and passes on. A result that is put without a lease wins over whoever makes one.
 */
final class CallerLeases {

  private final Policies policies;
  private final NearCache near;
  private final Flights<?> flights;
  private final LargeResults large;
  private final LeaseStore store;
  private final NodeLeases alone;
  private final LeaseTaking taking;
  private final RandomGenerator random;

  CallerLeases(
      Policies policies,
      NearCache near,
      Flights<?> flights,
      LargeResults large,
      LeaseStore store,
      NodeLeases alone,
      LeaseTaking taking,
      RandomGenerator random) {
    this.policies = policies;
    this.near = near;
    this.flights = flights;
    this.large = large;
    this.store = store;
    this.alone = alone;
    this.taking = taking;
    this.random = random;
  }

  /** The result, or the lease to make it. */
  Future<Taken> take(Take take) {
    return taking.take(question(take.computation(), take.input()), take);
  }

  /** Stores a result. */
  Future<Stored> put(Put put) {
    Question question = question(put.computation(), put.input());
    if (Result.isLonger(put.result(), question.policy().maxBytes())) {
      throw Failure.BODY_TOO_LARGE.because(
          "a result may have the " + question.policy().maxBytes() + " bytes of max-bytes");
    }
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
    CallerToken parts = CallerToken.of(token);
    return store.put(key, parts.lease(), result, kept, parts.seen());
  }

  /** Lets a lease live on. */
  Future<Granted> renew(Renew renew) {
    Question question = question(renew.computation(), renew.input());
    String key = question.key();
    Future<Boolean> held =
        NodeLeases.isOne(renew.token())
            ? Future.succeededFuture(alone.renew(key, renew.token(), renew.ttl()))
            : store.renew(key, CallerToken.of(renew.token()).lease(), renew.ttl());
    return held.map(
        renewed -> {
          if (!renewed) {
            throw lost();
          }
          return LeaseTaking.granted(question, renew.token(), renew.ttl());
        });
  }

  /** Ends a lease without a result. */
  Future<Removed> release(Release release) {
    Question question = question(release.computation(), release.input());
    String key = question.key();
    Optional<FailureException> why = refusal(question.policy(), release);
    Future<Boolean> ended;
    if (NodeLeases.isOne(release.token())) {
      ended =
          Future.succeededFuture(
              why.isPresent()
                  ? alone.end(key, release.token(), Future.failedFuture(why.get()))
                  : alone.giveBack(key, release.token()));
    } else {
      String lease = CallerToken.of(release.token()).lease();
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
}
