package dev.recall.cache;

import dev.recall.config.Settings;
import dev.recall.redis.ResultStore.Found;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;

/**
 * How long results are fresh. A result stays in Redis for its life and then for the time that it
 * may be answered stale, so what is left of its life is what is left of its key less that time.
 *
 * @param ttl the life of a result
 * @param staleFor how long past its life it may be answered where it cannot be computed; 0: never
 * @param jitterPercent by how much of the TTL a life may be shorter, so that results stored
 *     together do not end together, 0 to 90
 * @param refreshAheadPercent after how much of its life a result that is asked for is computed
 *     again in the background, 1 to 99; 0: never
 * @param softTimeout how long whoever could have a stale result waits for a fresh one
 */
public record Freshness(
    Duration ttl,
    Duration staleFor,
    int jitterPercent,
    int refreshAheadPercent,
    Duration softTimeout) {

  /** As the cache is set, where nothing else is said. */
  public static Freshness of(Duration ttl, Settings.Cache cache) {
    return new Freshness(
        ttl, cache.staleFor(), cache.ttlJitter(), cache.refreshAhead(), cache.softTimeout());
  }

  /** What is left of a result's life, in milliseconds; not positive where it is stale. */
  long lifeLeftMs(Found found) {
    // A key that somebody else stored for ever is as fresh as can be.
    return found.lifeMs() == Long.MAX_VALUE ? ttl.toMillis() : found.lifeMs() - staleFor.toMillis();
  }

  /** What is gone of it, as far as can be told. */
  long ageMs(long lifeLeftMs) {
    return Math.max(0, ttl.toMillis() - lifeLeftMs);
  }

  /** Whether it is time to compute a result again. */
  boolean isRefreshDue(long lifeLeftMs) {
    return refreshAheadPercent > 0
        && lifeLeftMs <= ttl.toMillis() * (100 - refreshAheadPercent) / 100;
  }

  /**
   * How long to keep a new result.
   *
   * @param mostMs how long it may be used, where its maker says so
   */
  Duration keep(RandomGenerator random, OptionalLong mostMs) {
    long longest = Math.min(ttl.toMillis(), mostMs.orElse(Long.MAX_VALUE));
    long shorter = longest * jitterPercent / 100;
    long life = longest - (shorter == 0 ? 0 : random.nextLong(shorter + 1));
    return Duration.ofMillis(Math.max(1, life)).plus(staleFor);
  }
}
