package dev.recall.config;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How often something may be done.
 *
 * @param count how often in a period, in the long run
 * @param period a second, a minute, an hour or a day
 * @param burst how often at once after a pause
 */
public record Rate(int count, Duration period, int burst) {

  private static final int MAX = 1_000_000;

  /** Beyond it the interval, in whole microseconds, would be too far from the truth. */
  private static final int MAX_A_SECOND = 100_000;

  private static final Pattern TEXT =
      Pattern.compile("(\\d{1,9})/(second|minute|hour|day)(?: burst (\\d{1,9}))?");
  private static final Map<String, Duration> PERIODS =
      Map.of(
          "second", Duration.ofSeconds(1),
          "minute", Duration.ofMinutes(1),
          "hour", Duration.ofHours(1),
          "day", Duration.ofDays(1));

  /**
   * @throws IllegalArgumentException where a number is out of range or the period is none of these
   */
  public Rate {
    if (count < 1 || count > MAX || burst < 1 || burst > MAX || !PERIODS.containsValue(period)) {
      throw malformed();
    }
    if (count > MAX_A_SECOND * period.toSeconds()) {
      throw new IllegalArgumentException("must be at most " + MAX_A_SECOND + " in a second");
    }
  }

  /**
   * A rate as it is set.
   *
   * @param text like {@code 100/minute burst 20}, or {@code 100/minute} for a burst of 100
   * @throws IllegalArgumentException saying how to write one
   */
  public Rate(String text) {
    this(matched(text));
  }

  private Rate(Matcher matched) {
    this(
        Integer.parseInt(matched.group(1)),
        PERIODS.getOrDefault(matched.group(2), Duration.ZERO),
        Integer.parseInt(Optional.ofNullable(matched.group(3)).orElse(matched.group(1))));
  }

  /** How long it takes until one of them may be done again, in microseconds, rounded up. */
  public long intervalMicros() {
    return (period.toNanos() / 1000 + count - 1) / count;
  }

  private static Matcher matched(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw malformed();
    }
    return matcher;
  }

  private static IllegalArgumentException malformed() {
    return new IllegalArgumentException(
        "must be a rate like 100/minute or 100/minute burst 20, of a second, minute, hour or day,"
            + " with numbers from 1 to "
            + MAX);
  }
}
