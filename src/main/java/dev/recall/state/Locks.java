package dev.recall.state;

import dev.recall.api.LockApi.Acquire;
import dev.recall.api.LockApi.Break;
import dev.recall.api.LockApi.Held;
import dev.recall.api.LockApi.Release;
import dev.recall.api.LockApi.Renew;
import dev.recall.api.Removed;
import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import dev.recall.loop.OwnContext;
import dev.recall.redis.KeyWaits;
import dev.recall.redis.KeyWaits.KeyWait;
import dev.recall.redis.LockStore;
import dev.recall.redis.LockStore.Claim;
import dev.recall.state.LockQueues.Place;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Locks that one caller of the cluster holds at a time, for a bounded time, each hold with a fence
 * that is higher than all before it.
 *
 * <p>Who waits stands in the queue of its node, until he has the lock, his time is over, or he is
 * gone. The first of each queue tries when Redis tells that the lock has changed, when its holder's
 * time is over, and, lest a message was lost, now and then.
 */
final class Locks {

  /** How long the first of a queue waits for news before it tries again without. */
  private static final long TRUST_MS = 1_000;

  /** The same, while no news can be heard. */
  private static final long DEAF_MS = 50;

  private static final long RETRY_MS = 200;

  private final Vertx vertx;
  private final LockStore store;
  private final LockQueues queues;
  private final KeyWaits keyWaits;
  private final Tokens tokens;
  private final LongSupplier nanoTime;

  /** Locks for the verticle whose context is current. */
  Locks(
      Vertx vertx,
      LockStore store,
      LockQueues queues,
      KeyWaits keyWaits,
      Tokens tokens,
      LongSupplier nanoTime) {
    this.vertx = vertx;
    this.store = store;
    this.queues = queues;
    this.keyWaits = keyWaits;
    this.tokens = tokens;
    this.nanoTime = nanoTime;
  }

  Future<Held> acquire(Acquire ask) {
    Attempt attempt = new Attempt(ask);
    attempt.begin();
    return attempt.outcome.future();
  }

  Future<Held> renew(Renew ask) {
    return store
        .renew(ask.name(), ask.token(), ask.ttl())
        .map(fence -> new Held(ask.name(), ask.token(), fence, ask.ttl().toMillis()));
  }

  Future<Removed> release(Release ask) {
    return store.release(ask.name(), ask.token()).map(Removed::new);
  }

  Future<Removed> breakLock(Break ask) {
    return store.remove(ask.name()).map(Removed::new);
  }

  private static FailureException held(String name, long leftMs) {
    return Failure.LOCK_HELD
        .because("somebody else has the lock " + name)
        .retryAfter(Duration.ofMillis(Math.max(1, leftMs)));
  }

  /** Ends a hold that nobody was told of, as soon as Redis is back, lest it stays for its TTL. */
  private void giveBack(String name, String token, long untilNanos) {
    store
        .release(name, token)
        .onFailure(
            failure -> {
              boolean isAway =
                  FailureException.isOneOf(
                      failure, Failure.REDIS_UNAVAILABLE, Failure.OUTCOME_UNKNOWN);
              if (isAway && nanoTime.getAsLong() - untilNanos < 0) {
                vertx.setTimer(RETRY_MS, now -> giveBack(name, token, untilNanos));
              }
            });
  }

  /** One request for a lock, from its place in the queue to its end. */
  private final class Attempt {

    private final Acquire ask;
    private final Place place;
    private final Promise<Held> outcome = OwnContext.promise(vertx);
    private final long begun = nanoTime.getAsLong();
    private @Nullable KeyWait news;

    Attempt(Acquire ask) {
      this.ask = ask;
      place = queues.join(ask.name());
      outcome.future().onComplete(over -> place.leave());
      ask.gone().ifPresent(this::heed);
    }

    // It completes on the loop of whoever asks.
    private void heed(Future<Void> gone) {
      Promise<Void> here = OwnContext.promise(vertx);
      gone.onComplete(here);
      here.future().onComplete(now -> withdraw());
    }

    private void withdraw() {
      if (outcome.tryFail(held(ask.name(), 0))) {
        place.giveUp();
        if (news != null) {
          news.close();
        }
      }
    }

    private boolean isOver() {
      return outcome.future().isComplete();
    }

    void begin() {
      if (place.isFirst()) {
        tryNow();
      } else {
        place.first(leftMs()).onComplete(first -> tryNow(), late -> giveUp());
      }
    }

    private void tryNow() {
      if (isOver()) {
        return;
      }
      KeyWait watch = keyWaits.on(ask.name()); // first: no change goes unseen
      String token = tokens.next();
      store
          .acquire(ask.name(), token, ask.ttl())
          .onComplete(
              claim -> decide(claim, token, watch),
              failure -> {
                watch.close();
                outcome.tryFail(failure);
                if (FailureException.isOneOf(failure, Failure.OUTCOME_UNKNOWN)) {
                  giveBack(ask.name(), token, nanoTime.getAsLong() + ask.ttl().toNanos());
                }
              });
    }

    private void decide(Claim claim, String token, KeyWait watch) {
      if (claim.won()) {
        watch.close();
        if (!outcome.tryComplete(
            new Held(ask.name(), token, claim.fence(), ask.ttl().toMillis()))) {
          giveBack(ask.name(), token, nanoTime.getAsLong() + ask.ttl().toNanos());
        }
      } else if (leftMs() <= 0 || isOver()) {
        watch.close();
        outcome.tryFail(held(ask.name(), claim.leftMs()));
      } else {
        news = watch;
        watch.changed(pauseMs(claim)).onComplete(news -> tryNow());
      }
    }

    private long pauseMs(Claim claim) {
      long pause = keyWaits.areHearing() ? TRUST_MS : DEAF_MS;
      if (claim.leftMs() > 0) {
        pause = Math.min(pause, claim.leftMs() + 1);
      }
      return Math.max(1, Math.min(pause, leftMs()));
    }

    private void giveUp() {
      if (isOver()) {
        return;
      }
      place.leave(); // at once: the next one is not to wait for this answer
      store
          .leftMs(ask.name())
          .onComplete(left -> outcome.tryFail(held(ask.name(), left)), outcome::tryFail);
    }

    private long leftMs() {
      return queues.isClosed()
          ? 0
          : ask.maxWait().minusNanos(nanoTime.getAsLong() - begun).toMillis();
    }
  }
}
