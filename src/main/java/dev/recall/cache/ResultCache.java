package dev.recall.cache;

import dev.recall.api.CacheApi.Get;
import dev.recall.api.CacheApi.Result;
import dev.recall.api.CacheStatus;
import dev.recall.api.CacheStatus.Level;
import dev.recall.cache.NearCache.Copy;
import dev.recall.cache.NearCache.Stamp;
import dev.recall.cache.Policy.Question;
import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import dev.recall.redis.ResultStore;
import dev.recall.redis.ResultStore.Found;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * A result is answered from the near cache, else from Redis, else it is computed, once for all who
 * ask. Past its life it is answered where it cannot be computed, or not soon. Without Redis it is
 * still computed and answered.
 */
final class ResultCache {

  private final Policies policies;
  private final NearCache near;
  private final Flights<Result> flights;
  private final Backoff backoff;
  private final LargeResults large;
  private final ResultStore store;
  private final Leases leases;
  private final RefreshAhead refreshes;
  private final CacheMeters meters;

  ResultCache(
      Policies policies,
      NearCache near,
      Flights<Result> flights,
      Backoff backoff,
      LargeResults large,
      ResultStore store,
      Leases leases,
      RefreshAhead refreshes,
      CacheMeters meters) {
    this.policies = policies;
    this.near = near;
    this.flights = flights;
    this.backoff = backoff;
    this.large = large;
    this.store = store;
    this.leases = leases;
    this.refreshes = refreshes;
    this.meters = meters;
  }

  /** The result, wherever it comes from. */
  Future<Result> get(Get get) {
    Question question = policies.of(get.computation()).question(get.input(), get.caller());
    return get(question, () -> store.read(question.key()));
  }

  /**
   * The result, wherever it comes from.
   *
   * @param read looks for it in Redis
   */
  Future<Result> get(Question question, Supplier<Future<Optional<Found>>> read) {
    Copy copy = near.get(question.key());
    if (copy != null) {
      return Future.succeededFuture(nearHit(question, copy));
    }
    Stamp stamp = near.stamp(question.key());
    return read.get()
        .transform((found, away) -> away == null ? whole(question, found, stamp) : alone(question));
  }

  private Future<Result> whole(Question question, Optional<Found> found, Stamp stamp) {
    return found.isPresent() && found.get().isCut()
        ? store
            .length(question.key())
            .compose(bytes -> large(question, bytes, stamp))
            .recover(
                failure ->
                    FailureException.isOneOf(failure, Failure.REDIS_UNAVAILABLE)
                        ? alone(question)
                        : Future.failedFuture(failure))
        : answer(question, found, stamp);
  }

  private Future<Result> large(Question question, long bytes, Stamp stamp) {
    Policy policy = question.policy();
    large.saw(policy);
    large.requireRoom(bytes);
    return large.holding(
        policy,
        bytes,
        () ->
            store
                .readLarge(question.key(), bytes)
                .compose(found -> answer(question, found, stamp)));
  }

  private Future<Result> answer(Question question, Optional<Found> found, Stamp stamp) {
    Freshness freshness = question.policy().freshness();
    Optional<Found> valid = found.filter(some -> question.policy().isResult().test(some.text()));
    if (valid.isEmpty()) {
      return load(question);
    }
    long left = freshness.lifeLeftMs(valid.get());
    if (left > 0) {
      return Future.succeededFuture(redisHit(question, valid.get().text(), left, stamp));
    }
    if (question.policy().isByCallers() || backoff.isOn(question.key())) {
      return Future.succeededFuture(stale(question, valid.get().text(), left));
    }
    return load(question)
        .onFailure(
            failed -> {
              if (!isAnswer(failed)) {
                backoff.begin(question.key());
              }
            })
        .timeout(freshness.softTimeout().toMillis(), TimeUnit.MILLISECONDS)
        .recover(
            failed ->
                isAnswer(failed)
                    ? Future.failedFuture(failed)
                    : Future.succeededFuture(stale(question, valid.get().text(), left)));
  }

  // That there is no result any more is news of it, and better than the old one.
  private static boolean isAnswer(Throwable failed) {
    return FailureException.isOneOf(failed, Failure.NO_SUCH_RESULT);
  }

  private Result nearHit(Question question, Copy copy) {
    meters.nearHit();
    long left = near.lifeLeftMs(copy);
    refreshIfDue(question, left);
    return question.result(copy.text(), copy.digest(), status(question, Level.NEAR, left, false));
  }

  private Result redisHit(Question question, String text, long left, Stamp stamp) {
    meters.redisHit();
    long digest = Result.digest(text);
    boolean stored = near.put(question.key(), text, digest, left, stamp);
    refreshIfDue(question, left);
    return question.result(text, digest, status(question, Level.REDIS, left, stored));
  }

  private Result stale(Question question, String text, long left) {
    meters.answeredStale();
    return question.result(text, status(question, Level.STALE, left, false));
  }

  private Future<Result> alone(Question question) {
    return question.policy().isByCallers()
        ? Future.failedFuture(Failure.REDIS_UNAVAILABLE.because("results are not to be had now"))
        : fly(question.key(), () -> leases.computeAlone(question));
  }

  private Future<Result> load(Question question) {
    meters.missed();
    if (question.policy().isByCallers()) {
      return Future.failedFuture(ComputeRequester.unmade());
    }
    return fly(question.key(), () -> leases.load(question, question::isFresh));
  }

  private Future<Result> fly(String key, Supplier<Future<Result>> load) {
    return flights.fly(key, load, this::join);
  }

  private UnaryOperator<Result> join() {
    meters.joined();
    return Result::joined;
  }

  private void refreshIfDue(Question question, long left) {
    if (question.policy().freshness().isRefreshDue(left)) {
      refreshes.begin(question);
    }
  }

  private CacheStatus status(Question question, Level level, long left, boolean stored) {
    return new CacheStatus(
        level, left, question.policy().freshness().ageMs(left), stored, false, near.isBypassed());
  }
}
