package dev.recall.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;

/**
 * Keys whose computation has just failed: while there is a stale result to answer, it is not tried
 * again for a second. Thread-safe.
 */
final class Backoff {

  private static final Duration PAUSE = Duration.ofSeconds(1);

  /** Beyond so many, some are tried earlier. */
  private static final int MAX_KEYS = 10_000;

  private final Cache<String, Boolean> failed;

  Backoff(Ticker clock) {
    failed =
        Caffeine.newBuilder().ticker(clock).expireAfterWrite(PAUSE).maximumSize(MAX_KEYS).build();
  }

  void begin(String key) {
    failed.put(key, true);
  }

  boolean isOn(String key) {
    return failed.getIfPresent(key) != null;
  }
}
