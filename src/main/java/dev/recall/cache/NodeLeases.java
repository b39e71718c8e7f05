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
import java.util.concurrent.TimeUnit;
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
  private final Ticker clock;
  private final AtomicInteger waiters = new AtomicInteger();
  private final ConcurrentMap<String, Held> byKey;

  /** Who has one, until when, and what those who wait are told: nothing where it is given back. */
  private record Held(String token, Duration life, long ends, Promise<Optional<String>> outcome) {}

  /**
   * What those who wait for a lease know of it.
   *
   * @param leftMs how long it lives unless it is renewed
   * @param outcome the result; nothing where it was given back; failed where there is none
   */
  record Awaited(long leftMs, Future<Optional<String>> outcome) {}

  /**
   * Nobody has one.
   *
   * @param maxWaiters how many may wait for the results of callers at a time, here or in Redis
   */
  NodeLeases(Ticker clock, int maxWaiters) {
    this.clock = clock;
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
    Held mine = held(PREFIX + secret, life, Promise.promise());
    return byKey.putIfAbsent(key, mine) == null ? Optional.of(mine.token) : Optional.empty();
  }

  /** What there is to wait for; empty where nobody has the lease. */
  Optional<Awaited> awaited(String key) {
    return Optional.ofNullable(byKey.get(key))
        .map(
            held ->
                new Awaited(
                    TimeUnit.NANOSECONDS.toMillis(held.ends - clock.read()),
                    held.outcome.future()));
  }

  /** Lets a lease live on; false where it is not held with the token. */
  boolean renew(String key, String token, Duration life) {
    Held held = byKey.get(key);
    return held != null
        && held.token.equals(token)
        && byKey.replace(key, held, held(token, life, held.outcome));
  }

  /** Ends a lease, and tells who waits; false where it was not held with the token. */
  boolean end(String key, String token, Future<String> outcome) {
    return over(key, token, outcome.map(Optional::of));
  }

  /** Ends a lease without a result, so that another makes it; false as above. */
  boolean giveBack(String key, String token) {
    return over(key, token, Future.succeededFuture(Optional.empty()));
  }

  private boolean over(String key, String token, Future<Optional<String>> outcome) {
    Held held = byKey.get(key);
    if (held == null || !held.token.equals(token) || !byKey.remove(key, held)) {
      return false;
    }
    outcome.onComplete(held.outcome);
    return true;
  }

  private Held held(String token, Duration life, Promise<Optional<String>> outcome) {
    return new Held(token, life, clock.read() + life.toNanos(), outcome);
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
