package dev.recall.state;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.recall.config.Rate;
import dev.recall.redis.RateStore.Reading;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/**
 * What rate limits have let through on this node alone, by its own clock, for as long as Redis is
 * away: the generic cell rate algorithm (ITU-T I.371). Thread-safe.
 */
final class LocalRates {

  /** Beyond so many callers, those not seen for longest begin anew. */
  private static final int MAX_CALLERS = 100_000;

  private final LongSupplier nanoTime;

  /** The time, in microseconds of the clock, at which all that was taken will have come back. */
  private final Cache<Share, Long> back;

  LocalRates(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    back =
        Caffeine.newBuilder()
            .maximumSize(MAX_CALLERS)
            .expireAfterAccess(Duration.ofDays(1))
            .ticker(nanoTime::getAsLong)
            .build();
  }

  private record Share(String limit, String caller) {}

  Reading take(String limit, String caller, Rate rate, int cost) {
    long now = nanoTime.getAsLong() / 1000;
    long interval = rate.intervalMicros();
    AtomicReference<Reading> reading = new AtomicReference<>();
    back.asMap()
        .compute(
            new Share(limit, caller),
            (share, last) -> {
              long ahead = last == null ? 0 : Math.max(0, last - now);
              long after = ahead + cost * interval;
              boolean fits = after <= rate.burst() * interval;
              reading.set(new Reading(fits, fits ? after : ahead));
              return now + (fits ? after : ahead);
            });
    return reading.get();
  }
}
