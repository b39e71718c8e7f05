package dev.recall.state;

import dev.recall.api.RateApi.Taken;
import dev.recall.config.Rate;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * What a rate limit does, as a bucket for each caller: what is taken fills it, time empties it, and
 * what would make it flow over is not taken.
 */
final class RatesModel {

  private final long dropMicros;
  private final long sizeMicros;
  private final Map<String, Long> levels = new HashMap<>();

  RatesModel(Rate rate) {
    dropMicros = rate.period().toSeconds() * 1_000_000 / rate.count();
    sizeMicros = dropMicros * rate.burst();
  }

  Taken take(String caller, int cost) {
    long level = levelMicros(caller);
    long space = sizeMicros - level;
    long needed = cost * dropMicros;
    if (needed > space) {
      return new Taken(false, space / dropMicros, millis(level), millis(needed - space));
    }
    levels.put(caller, level + needed);
    return new Taken(true, (space - needed) / dropMicros, millis(level + needed), 0);
  }

  /** How full a caller's bucket is. */
  long levelMicros(String caller) {
    return levels.getOrDefault(caller, 0L);
  }

  void empty(String caller) {
    levels.remove(caller);
  }

  void pass(Duration time) {
    levels.replaceAll((caller, level) -> Math.max(0, level - time.toNanos() / 1000));
  }

  private static long millis(long micros) {
    return -Math.floorDiv(-micros, 1000);
  }
}
