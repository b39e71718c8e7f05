package dev.recall.state;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.recall.config.Rate;
import dev.recall.redis.RateStore.Reading;
import java.util.function.LongSupplier;

/**
 * What rate limits have let through on this node alone, by its own clock, for as long as Redis is
 * away: the generic cell rate algorithm (ITU-T I.371). Thread-safe.
 */
final class LocalRates {

  /** Beyond so many callers, those not seen for longest begin anew. */
  private static final int MAX_CALLERS = 100_000;

  private final LongSupplier nanoTime;

  private final Cache<Share, Bucket> buckets;

  LocalRates(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    buckets = Caffeine.newBuilder().maximumSize(MAX_CALLERS).build();
  }

  Reading take(String limit, String caller, Rate rate, int cost) {
    long now = nanoTime.getAsLong() / 1000;
    return buckets.get(new Share(limit, caller), first -> new Bucket(now)).take(now, rate, cost);
  }

  private record Share(String limit, String caller) {}

  private static final class Bucket {

    /** When all that was taken will have come back, in microseconds of the clock. */
    private long back;

    Bucket(long now) {
      back = now;
    }

    synchronized Reading take(long now, Rate rate, int cost) {
      long ahead = Math.max(0, back - now);
      long after = ahead + cost * rate.intervalMicros();
      if (after > rate.burst() * rate.intervalMicros()) {
        return new Reading(false, ahead);
      }
      back = now + after;
      return new Reading(true, after);
    }
  }
}
