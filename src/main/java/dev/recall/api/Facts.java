package dev.recall.api;

import dev.recall.bus.Failure;
import dev.recall.bus.JsonReader;
import io.vertx.core.MultiMap;
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
public record Facts(
    Level level, long ttlMs, long ageMs, boolean stored, boolean collapsed, boolean degraded) {

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

    static Level of(String word) {
      return Arrays.stream(values())
          .filter(level -> level.word().equals(word))
          .findFirst()
          .orElseThrow(
              () -> Failure.INVALID.because("level must be near, redis, stale or computed"));
    }
  }

  /** The same, as whoever waited for that computation sees it. */
  public Facts joined() {
    return level == Level.COMPUTED ? new Facts(level, ttlMs, ageMs, stored, true, degraded) : this;
  }

  void write(MultiMap headers) {
    headers
        .add("level", level.word())
        .add("ttl", Long.toString(ttlMs))
        .add("age", Long.toString(ageMs))
        .add("stored", Boolean.toString(stored))
        .add("collapsed", Boolean.toString(collapsed))
        .add("degraded", Boolean.toString(degraded));
  }

  static Facts read(JsonReader json) {
    return new Facts(
        Level.of(json.header("level").orElse("")),
        milliseconds(json, "ttl"),
        milliseconds(json, "age"),
        flag(json, "stored"),
        flag(json, "collapsed"),
        flag(json, "degraded"));
  }

  private static long milliseconds(JsonReader json, String name) {
    try {
      return Long.parseLong(json.header(name).orElse(""));
    } catch (NumberFormatException none) {
      throw Failure.INVALID.because(name + " must be a whole number of milliseconds");
    }
  }

  private static boolean flag(JsonReader json, String name) {
    return json.header(name).orElse("").equals("true");
  }
}
