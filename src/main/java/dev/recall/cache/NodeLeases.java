package dev.recall.cache;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.recall.failure.Failure;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Leases that callers have of this node alone, while Redis is away: one of them makes a result, and
 * those who ask meanwhile are told it, though it is not remembered. Thread-safe.
 */
final class NodeLeases {

  private static final String PREFIX = "node-";

  /** Beyond so many, some end early: their results are made twice. */
  private static final int MAX_KEYS = 10_000;

  private final int maxWaiters;
  private final AtomicInteger waiters = new AtomicInteger();
  private final ConcurrentMap<String, Held> byKey;

  /** Who has one, for how long, and what those who wait are told. */
  private record Held(String token, Duration life, Promise<String> made) {}

  /**
   * Nobody has one.
   *
   * @param maxWaiters how many may wait for the results of callers at a time, here or in Redis
   */
  NodeLeases(Ticker clock, int maxWaiters) {
    this.maxWaiters = maxWaiters;
    byKey =
        Caffeine.newBuilder()
            .ticker(clock)
            .expireAfter(Expiry.<String, Held>writing((key, held) -> held.life))
            .maximumSize(MAX_KEYS)
            .<String, Held>build()
            .asMap();
  }

  /** Whether a token is of such a lease. */
  static boolean isOne(String token) {
    return token.startsWith(PREFIX);
  }

  /**
   * Takes the lease of a key.
   *
   * @return its token; empty where somebody else has it
   */
  Optional<String> take(String key, String secret, Duration life) {
    Held mine = new Held(PREFIX + secret, life, Promise.promise());
    return byKey.putIfAbsent(key, mine) == null ? Optional.of(mine.token) : Optional.empty();
  }

  /** What its holder makes; failed where nobody has it, or it has ended without. */
  Future<String> made(String key) {
    Held held = byKey.get(key);
    return held == null
        ? Future.failedFuture(Failure.LEASE_LOST.because("nobody makes it"))
        : held.made.future();
  }

  /** Lets a lease live on; false where it is not held with the token. */
  boolean renew(String key, String token, Duration life) {
    Held held = byKey.get(key);
    return held != null
        && held.token.equals(token)
        && byKey.replace(key, held, new Held(token, life, held.made));
  }

  /** Ends a lease, and tells who waits; false where it was not held with the token. */
  boolean end(String key, String token, Future<String> outcome) {
    Held held = byKey.get(key);
    if (held == null || !held.token.equals(token) || !byKey.remove(key, held)) {
      return false;
    }
    outcome.onComplete(held.made);
    return true;
  }

  /** Waits, unless too many do. */
  <T> Future<T> waiting(Supplier<Future<T>> wait) {
    if (waiters.incrementAndGet() > maxWaiters) {
      waiters.decrementAndGet();
      return Future.failedFuture(Failure.OVERLOADED.because("too many wait for results"));
    }
    return wait.get().onComplete(over -> waiters.decrementAndGet());
  }
}
