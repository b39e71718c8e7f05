package dev.recall.cache;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import dev.recall.redis.KeyWaits;
import dev.recall.redis.KeyWaits.KeyWait;
import dev.recall.redis.LeaseStore;
import dev.recall.redis.ResultStore.Found;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A lease that is held: it is renewed until it ends. If it is removed meanwhile, with the result it
 * is for, the flight of its key is forgotten: whoever asks from then on wants a newer result.
 */
final class Lease {

  private static final Logger LOG = LoggerFactory.getLogger(Lease.class);

  private final Vertx vertx;
  private final LeaseStore store;
  private final Duration life;
  private final KeyWaits keyWaits;
  private final Flights<?> flights;
  private final Ticker clock;
  private final String key;
  private final String token;
  private final long taken;
  private final long renewal;
  private @Nullable KeyWait news;
  private boolean ended;

  /**
   * A lease that was just taken.
   *
   * @param life how long it lives unless it is renewed
   * @param key of the result it is for
   * @param token it was taken with
   */
  Lease(
      Vertx vertx,
      LeaseStore store,
      Duration life,
      KeyWaits keyWaits,
      Flights<?> flights,
      Ticker clock,
      String key,
      String token) {
    this.vertx = vertx;
    this.store = store;
    this.life = life;
    this.keyWaits = keyWaits;
    this.flights = flights;
    this.clock = clock;
    this.key = key;
    this.token = token;
    taken = clock.read();
    renewal = vertx.setPeriodic(Math.max(1, life.toMillis() / 3), now -> renew());
  }

  /**
   * Looks after the lease whenever there is news of it.
   *
   * @param watch of its key, begun before the lease was taken
   */
  Lease guarded(KeyWait watch) {
    news = watch;
    watch
        .changed(life.toMillis())
        .onComplete(
            heard -> {
              if (!ended) {
                check();
              }
            });
    return this;
  }

  /**
   * Stores the result that was computed under it, and ends it.
   *
   * @param kept how long the result stays in Redis
   * @param seen what was there when the lease was taken
   * @return whether it was stored: not where the lease is lost, somebody else has written, or Redis
   *     is away
   */
  Future<Boolean> store(String text, Duration kept, Optional<Found> seen) {
    long heldMs = TimeUnit.NANOSECONDS.toMillis(clock.read() - taken);
    return store
        .store(key, token, text, kept, seen, heldMs)
        .onSuccess(stored -> end())
        .onFailure(
            failure -> {
              LOG.warn("A result was not remembered: {}", failure.getMessage());
              release();
            })
        .otherwise(false);
  }

  /** Its maker begins. */
  Lease begun() {
    store
        .begun(key)
        .onFailure(failure -> LOG.debug("A try was not counted: {}", failure.getMessage()));
    return this;
  }

  /** It is not renewed any more; Redis may still have it. */
  private void end() {
    ended = true;
    vertx.cancelTimer(renewal);
    if (news != null) {
      news.close();
    }
  }

  /** It is given back, for whoever waits to compute. */
  void release() {
    end();
    release(true);
  }

  /**
   * It is given back, since its maker has failed: remembered where he says for how long. Who ran
   * out of time has not come to an end: of that an input is known which nobody survives.
   */
  void refuse(Throwable failure) {
    end();
    if (failure instanceof FailureException why && isToBeKept(why)) {
      store
          .refuse(key, token, why)
          .onFailure(lost -> LOG.debug("A refusal was not kept: {}", lost.getMessage()));
    } else if (FailureException.isOneOf(failure, Failure.OVERLOADED, Failure.NO_SERVER)) {
      store
          .giveBack(key, token)
          .onFailure(lost -> LOG.debug("A lease was not released: {}", lost.getMessage()));
    } else {
      release(!FailureException.isOneOf(failure, Failure.TIMED_OUT));
    }
  }

  // What is wrong with this node alone is nothing to others.
  private static boolean isToBeKept(FailureException why) {
    return !why.retryAfter().isZero()
        && FailureException.isOneOf(
            why, Failure.NO_SUCH_RESULT, Failure.TRY_LATER, Failure.ORIGIN_FAILED);
  }

  private void release(boolean ended) {
    store
        .release(key, token, ended)
        .onFailure(failure -> LOG.debug("A lease was not released: {}", failure.getMessage()));
  }

  /** Gives a lease back, whether or not it was taken with this token. */
  static void release(LeaseStore store, String key, String token) {
    store
        .release(key, token, false)
        .onFailure(failure -> LOG.debug("A lease was not released: {}", failure.getMessage()));
  }

  private void check() {
    KeyWait next = keyWaits.on(key); // first: no change goes unseen
    store
        .isHeld(key, token)
        .onComplete(
            (held, away) -> {
              if (away == null) {
                obey(held);
              }
              if (ended) {
                next.close();
              } else {
                guarded(next);
              }
            });
  }

  private void renew() {
    store
        .renew(key, token, life)
        .onSuccess(this::obey)
        .onFailure(failure -> LOG.debug("A lease was not renewed: {}", failure.getMessage()));
  }

  private void obey(boolean held) {
    if (!held && !ended) {
      flights.forget(key);
      end();
    }
  }
}
