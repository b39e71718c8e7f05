package dev.recall.cache;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import dev.recall.redis.KeyWaits;
import dev.recall.redis.KeyWaits.KeyWait;
import dev.recall.redis.LeaseStore;
import dev.recall.redis.LeaseStore.Claim;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Claims leases, each with a token of its own, and has them renewed while they are held. */
final class Claims {

  private static final Logger LOG = LoggerFactory.getLogger(Claims.class);

  /** Of an input that so many makers have died of within a minute no other dies for a while. */
  private static final int POISONOUS = 3;

  private static final Duration POISONED_FOR = Duration.ofSeconds(30);

  private final Vertx vertx;
  private final LeaseStore store;
  private final LeaseTokens tokens;
  private final Duration life;
  private final KeyWaits keyWaits;
  private final Flights<?> flights;
  private final Ticker clock;

  /**
   * Claims of the verticle whose context is current.
   *
   * @param life of a lease whose holder has died
   */
  Claims(
      Vertx vertx,
      LeaseStore store,
      LeaseTokens tokens,
      Duration life,
      KeyWaits keyWaits,
      Flights<?> flights,
      Ticker clock) {
    this.vertx = vertx;
    this.store = store;
    this.tokens = tokens;
    this.life = life;
    this.keyWaits = keyWaits;
    this.flights = flights;
    this.clock = clock;
  }

  /**
   * Claims the lease of a key.
   *
   * @param decide what is done with what came of it; the key is watched until that is done
   * @param withoutLease what is done where no lease is to be had
   */
  <T> Future<T> claim(
      String key, Function<Claimed, Future<T>> decide, Supplier<Future<T>> withoutLease) {
    return claim(key, tokens.next(), life, decide, withoutLease);
  }

  /** The same, with a token and a life of one's own. */
  <T> Future<T> claim(
      String key,
      String token,
      Duration life,
      Function<Claimed, Future<T>> decide,
      Supplier<Future<T>> withoutLease) {
    KeyWait watch = keyWaits.on(key); // first: no change goes unseen
    return store
        .claim(key, token, life)
        .transform(
            (claim, away) -> {
              if (away == null) {
                return decide.apply(new Claimed(key, token, claim, watch));
              }
              Lease.release(store, key, token); // whether it was taken may be unknown
              return withoutLease.get();
            })
        .onComplete(decided -> watch.close());
  }

  /** What came of a claim. */
  final class Claimed {

    private final String key;
    private final String token;
    private final Claim claim;
    private final KeyWait watch;

    private Claimed(String key, String token, Claim claim, KeyWait watch) {
      this.key = key;
      this.token = token;
      this.claim = claim;
      this.watch = watch;
    }

    /** Whose the lease is, and what was at the key at that moment. */
    Claim claim() {
      return claim;
    }

    /** Of the key, since before the claim. */
    KeyWait watch() {
      return watch;
    }

    /**
     * Why the result is not to be made: whoever has just learnt that there is none told all others,
     * too; or makers have died of the input. The lease is given back then, where it was won; while
     * there is a refusal, who holds it only looks.
     */
    Optional<FailureException> refusal() {
      if (claim.refusal().isPresent()) {
        if (claim.won()) {
          release();
        }
        return claim.refusal();
      }
      if (!claim.won() || claim.tries() < POISONOUS) {
        return Optional.empty();
      }
      FailureException poisoned =
          Failure.POISONED
              .because(POISONOUS + " makers have died of this input, or ran out of time")
              .retryAfter(POISONED_FOR);
      store
          .refuse(key, token, poisoned)
          .onFailure(lost -> LOG.debug("A refusal was not kept: {}", lost.getMessage()));
      return Optional.of(poisoned);
    }

    /** The lease, where it was won: it is renewed, and looked after, until it ends. */
    Lease lease() {
      return new Lease(vertx, store, life, keyWaits, flights, clock, key, token).guarded(watch);
    }

    /** Somebody who is not of this node makes the result. */
    void begun() {
      store.begun(key).onFailure(lost -> LOG.debug("A try was not counted: {}", lost.getMessage()));
    }

    /** Gives the lease back unused, where it was won. */
    void release() {
      Lease.release(store, key, token);
    }
  }
}
