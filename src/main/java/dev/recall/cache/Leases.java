package dev.recall.cache;

import dev.recall.bus.CacheApi.Result;
import dev.recall.bus.Facts;
import dev.recall.bus.Facts.Level;
import dev.recall.bus.Failure;
import dev.recall.cache.Policy.Question;
import dev.recall.redis.ResultStore;
import dev.recall.redis.ResultStore.Claim;
import dev.recall.redis.ResultStore.Found;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One computation per key in the whole cluster: whoever takes the lease of the key computes and
 * stores, all others wait until Redis tells of the result, or the lease has ended. A lease is
 * renewed while its holder computes, and ends soon after its holder died. Where Redis is away, or
 * cannot tell of changes, each node computes for itself.
 *
 * <p>A result is stored only under the lease it was computed under: an invalidation removes that,
 * so nothing computed before it comes back.
 */
final class Leases {

  private static final Logger LOG = LoggerFactory.getLogger(Leases.class);

  private final Vertx vertx;
  private final CacheNode node;
  private final ResultStore store;
  private final Loader loader;
  private final Duration lease;
  private final Duration deadline;
  private final SplittableRandom random = new SplittableRandom();

  /** Where a result comes from when it is not remembered. */
  interface Loader {
    Future<String> compute(String computation, String input);
  }

  /**
   * Leases for the verticle whose context is current.
   *
   * @param deadline longest wait for a result, whoever computes it
   */
  Leases(Vertx vertx, CacheNode node, ResultStore store, Loader loader, Duration deadline) {
    this.vertx = vertx;
    this.node = node;
    this.store = store;
    this.loader = loader;
    this.lease = node.lease();
    this.deadline = deadline;
  }

  /**
   * A result that was not there, computed here or by whoever is computing it now.
   *
   * @param isGood which results will do: one may have been stored since it was looked for
   * @return failed with what the computation failed with, or {@link Failure#TIMED_OUT}
   */
  Future<Result> load(Question question, Predicate<Found> isGood) {
    return claim(question, isGood, node.clock().read() + deadline.toNanos(), false);
  }

  /** A result computed here and not remembered, for when Redis is away. */
  Future<Result> compute(Question question) {
    return compute(question, deadline.toMillis())
        .map(text -> computed(question, text, false, true));
  }

  private Future<Result> claim(
      Question question, Predicate<Found> isGood, long ends, boolean waited) {
    Watches.Watch watch = node.watches().on(question.key()); // first: no change goes unseen
    String token = node.newToken();
    return store
        .claim(question.key(), token, lease)
        .transform(
            (claim, away) -> {
              if (away == null && mustWait(claim, isGood)) {
                return await(question, isGood, ends, watch, claim.leaseMs());
              }
              watch.close();
              if (away != null) {
                return compute(question);
              }
              Optional<Found> good = claim.found().filter(isGood);
              if (good.isPresent()) {
                if (claim.won()) {
                  release(question, token);
                }
                return Future.succeededFuture(found(question, good.get(), waited));
              }
              return claim.won() ? lead(question, token, claim.found(), ends) : compute(question);
            });
  }

  private boolean mustWait(Claim claim, Predicate<Found> isGood) {
    return !claim.won() && claim.found().filter(isGood).isEmpty() && node.watches().areHearing();
  }

  private Future<Result> await(
      Question question, Predicate<Found> isGood, long ends, Watches.Watch watch, long leaseMs) {
    long begun = node.clock().read();
    long left = TimeUnit.NANOSECONDS.toMillis(ends - begun);
    if (left <= 0) {
      watch.close();
      return Future.failedFuture(late());
    }
    return watch
        .changed(Math.min(left, leaseMs + 1))
        .compose(
            over -> {
              node.meters().waitedForLease(Duration.ofNanos(node.clock().read() - begun));
              return claim(question, isGood, ends, true);
            });
  }

  private Future<Result> lead(Question question, String token, Optional<Found> seen, long ends) {
    long renewal =
        vertx.setPeriodic(Math.max(1, lease.toMillis() / 3), now -> renew(question, token));
    long left = Math.max(1, TimeUnit.NANOSECONDS.toMillis(ends - node.clock().read()));
    return compute(question, left)
        .onComplete(done -> vertx.cancelTimer(renewal))
        .onFailure(failure -> release(question, token))
        .compose(
            text ->
                store(question, token, text, seen)
                    .map(stored -> computed(question, text, stored, node.near().isBypassed())));
  }

  private Future<String> compute(Question question, long leftMs) {
    return loader
        .compute(question.policy().computation(), question.input())
        .timeout(leftMs, TimeUnit.MILLISECONDS)
        .recover(
            failure -> Future.failedFuture(failure instanceof TimeoutException ? late() : failure))
        .onSuccess(text -> node.meters().computed())
        .onFailure(failure -> node.meters().failed());
  }

  // A lease that is gone was removed with its result: whoever asks now wants a newer one.
  private void renew(Question question, String token) {
    store
        .renew(question.key(), token, lease)
        .onSuccess(
            held -> {
              if (!held) {
                node.flights().forget(question.key());
              }
            })
        .onFailure(failure -> LOG.debug("A lease was not renewed: {}", failure.getMessage()));
  }

  private void release(Question question, String token) {
    store
        .release(question.key(), token)
        .onFailure(failure -> LOG.debug("A lease was not released: {}", failure.getMessage()));
  }

  private Future<Boolean> store(
      Question question, String token, String text, Optional<Found> seen) {
    Duration life = question.policy().freshness().keep(random);
    return store
        .store(question.key(), token, text, life, seen)
        .onFailure(failure -> LOG.warn("A result was not remembered: {}", failure.getMessage()))
        .otherwise(false);
  }

  private static Result found(Question question, Found found, boolean waited) {
    Freshness freshness = question.policy().freshness();
    long left = freshness.lifeLeftMs(found);
    Level level = waited ? Level.COMPUTED : Level.REDIS;
    return result(
        question,
        found.text(),
        new Facts(level, left, freshness.ageMs(left), waited, waited, false));
  }

  private static Result computed(Question question, String text, boolean stored, boolean degraded) {
    long left = stored ? question.policy().freshness().ttl().toMillis() : 0;
    return result(question, text, new Facts(Level.COMPUTED, left, 0, stored, false, degraded));
  }

  private static Result result(Question question, String text, Facts facts) {
    return new Result(
        question.policy().computation(), question.input(), text, Result.digest(text), facts);
  }

  private RuntimeException late() {
    return Failure.TIMED_OUT.because("not computed within " + deadline.toMillis() + " ms");
  }
}
