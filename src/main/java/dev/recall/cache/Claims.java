package dev.recall.cache;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.recall.redis.KeyWaits;
import dev.recall.redis.KeyWaits.KeyWait;
import dev.recall.redis.LeaseStore;
import dev.recall.redis.LeaseStore.Claim;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.Supplier;

/** Claims leases, each with a token of its own, and has them renewed while they are held. */
final class Claims {

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
    KeyWait watch = keyWaits.on(key); // first: no change goes unseen
    String token = tokens.next();
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

    /** The lease, where it was won: it is renewed, and looked after, until it ends. */
    Lease lease() {
      return new Lease(vertx, store, life, keyWaits, flights, clock, key, token).guarded(watch);
    }

    /** Gives the lease back unused, where it was won. */
    void release() {
      Lease.release(store, key, token);
    }
  }
}
