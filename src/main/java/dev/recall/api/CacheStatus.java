package dev.recall.api;

import dev.recall.form.Form;
import dev.recall.form.Header;
import java.util.Arrays;
import java.util.Locale;

/**
 * How a result was come by.
 *
 * @param level what answered
 * @param ttlMs how long it may still be used, in milliseconds; not positive for a stale one
 * @param ageMs how much of its life is gone, in milliseconds
 * @param stored whether the level that did not have it has it now: Redis after a computation, the
 *     near cache after a hit in Redis
 * @param collapsed whether the request waited for another's computation
 * @param degraded whether a level could not be used: Redis, or the near cache, which hears of
 *     changes from Redis
 */
public record CacheStatus(
    Level level, long ttlMs, long ageMs, boolean stored, boolean collapsed, boolean degraded) {

  /** How they are written, as headers. */
  static final Form<CacheStatus> FORM =
      Form.of(
          CacheStatus::new,
          Level.HEADER.of(CacheStatus::level),
          Fields.TTL_LEFT.of(CacheStatus::ttlMs),
          Fields.AGE.of(CacheStatus::ageMs),
          Fields.STORED.of(CacheStatus::stored),
          Fields.COLLAPSED.of(CacheStatus::collapsed),
          Fields.DEGRADED.of(CacheStatus::degraded));

  /** What answers, the fastest first. */
  public enum Level {
    /** This node's memory. */
    NEAR,
    /** Redis. */
    REDIS,
    /** Redis, with a result past its life, because the computation failed or is slow. */
    STALE,
    /** The computation. */
    COMPUTED;

    /** The word in the header {@code level}. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    private static final Header<Level> HEADER =
        new Header<>(
            "level", "", Level::of, Level::word, "must be near, redis, stale or computed", NEAR);

    private static Level of(String word) {
      return Arrays.stream(values())
          .filter(level -> level.word().equals(word))
          .findFirst()
          .orElseThrow(IllegalArgumentException::new);
    }
  }

  /** The same, as whoever waited for that computation sees it. */
  public CacheStatus joined() {
    return level == Level.COMPUTED
        ? new CacheStatus(level, ttlMs, ageMs, stored, true, degraded)
        : this;
  }
}
