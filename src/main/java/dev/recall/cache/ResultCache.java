package dev.recall.cache;

import dev.recall.api.CacheApi.Get;
import dev.recall.api.CacheApi.Result;
import dev.recall.api.Facts;
import dev.recall.api.Facts.Level;
import dev.recall.cache.NearCache.Copy;
import dev.recall.cache.NearCache.Stamp;
import dev.recall.cache.Policy.Question;
import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import dev.recall.redis.ResultStore;
import dev.recall.redis.ResultStore.Found;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A result is answered from the near cache, else from Redis, else it is computed, once for all who
 * ask. Past its life it is answered where it cannot be computed, or not soon. Without Redis it is
 * still computed and answered.
 */
final class ResultCache {

  private static final Logger LOG = LoggerFactory.getLogger(ResultCache.class);

  /** How long after a refresh no other begins. */
  private static final long REFRESH_PAUSE_MS = 1_000;

  private final Vertx vertx;
  private final CacheNode node;
  private final ResultStore store;
  private final Leases leases;

  ResultCache(Vertx vertx, CacheNode node, ResultStore store, Leases leases) {
    this.vertx = vertx;
    this.node = node;
    this.store = store;
    this.leases = leases;
  }

  /** The result, wherever it comes from. */
  Future<Result> get(Get get) {
    Question question = node.policy(get.computation()).question(get.input(), get.caller());
    return get(question, () -> store.read(question.key()));
  }

  /**
   * The result, wherever it comes from.
   *
   * @param read looks for it in Redis
   */
  Future<Result> get(Question question, Supplier<Future<Optional<Found>>> read) {
    Copy copy = node.near().get(question.key());
    if (copy != null) {
      return Future.succeededFuture(nearHit(question, copy));
    }
    Stamp stamp = node.near().stamp(question.key());
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
    node.sawLarge(question.policy());
    if (bytes > node.maxResultBytes()) {
      throw Failure.RESULT_TOO_LARGE.because(
          "the result has "
              + bytes
              + " bytes, and this node has room for "
              + node.maxResultBytes());
    }
    return node.holding(
        question,
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
    if (node.backoff().isOn(question.key())) {
      return Future.succeededFuture(stale(question, valid.get().text(), left));
    }
    return load(question)
        .onFailure(failed -> node.backoff().begin(question.key()))
        .timeout(freshness.softTimeout().toMillis(), TimeUnit.MILLISECONDS)
        .otherwise(failed -> stale(question, valid.get().text(), left));
  }

  private Result nearHit(Question question, Copy copy) {
    node.meters().nearHit();
    long left = node.near().lifeLeftMs(copy);
    refreshIfDue(question, left);
    return question.result(copy.text(), copy.digest(), facts(question, Level.NEAR, left, false));
  }

  private Result redisHit(Question question, String text, long left, Stamp stamp) {
    node.meters().redisHit();
    long digest = Result.digest(text);
    boolean stored = node.near().put(question.key(), text, digest, left, stamp);
    refreshIfDue(question, left);
    return question.result(text, digest, facts(question, Level.REDIS, left, stored));
  }

  private Result stale(Question question, String text, long left) {
    node.meters().answeredStale();
    return question.result(text, facts(question, Level.STALE, left, false));
  }

  private Future<Result> alone(Question question) {
    return fly(question.key(), () -> leases.computeAlone(question));
  }

  private Future<Result> load(Question question) {
    node.meters().missed();
    return fly(question.key(), () -> leases.load(question, found -> isFresh(question, found)));
  }

  private Future<Result> fly(String key, Supplier<Future<Result>> load) {
    return node.flights().fly(key, load, this::joined);
  }

  private Result joined(Result result) {
    node.meters().joined();
    return result.joined();
  }

  private void refreshIfDue(Question question, long left) {
    if (question.policy().freshness().isRefreshDue(left)) {
      node.flights().fly("refresh " + question.key(), () -> refresh(question), same -> same);
    }
  }

  // The flight ends a while after the refresh, so that none begins as long: not each hit may try a
  // computation that fails, or a lease that is not to be had.
  private Future<Result> refresh(Question question) {
    node.meters().refreshing();
    return leases
        .refresh(question, found -> isFresh(question, found) && !isRefreshDue(question, found))
        .onFailure(failure -> LOG.warn("A result was not refreshed: {}", failure.getMessage()))
        .eventually(() -> vertx.timer(REFRESH_PAUSE_MS, TimeUnit.MILLISECONDS));
  }

  private static boolean isFresh(Question question, Found found) {
    return question.policy().isResult().test(found.text())
        && question.policy().freshness().lifeLeftMs(found) > 0;
  }

  private static boolean isRefreshDue(Question question, Found found) {
    Freshness freshness = question.policy().freshness();
    return freshness.isRefreshDue(freshness.lifeLeftMs(found));
  }

  private Facts facts(Question question, Level level, long left, boolean stored) {
    return new Facts(
        level,
        left,
        question.policy().freshness().ageMs(left),
        stored,
        false,
        node.near().isBypassed());
  }
}
