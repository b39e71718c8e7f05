package dev.recall.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;

/**
 * Lets a warning or an error pass once in ten seconds, and drops what says the same again: an error
 * that repeats 100,000 times a second (no file descriptor is left) would fill the disk besides.
 */
public final class RepetitionFilter extends TurboFilter {

  private static final Duration PAUSE = Duration.ofSeconds(10);
  private static final int MAX_KNOWN = 1_000;

  private final Cache<List<String>, Boolean> said;

  /** A filter that has heard nothing. */
  public RepetitionFilter() {
    this(Ticker.systemTicker());
  }

  RepetitionFilter(Ticker clock) {
    said =
        Caffeine.newBuilder().maximumSize(MAX_KNOWN).expireAfterWrite(PAUSE).ticker(clock).build();
  }

  @Override
  public FilterReply decide(
      @Nullable Marker marker,
      Logger logger,
      Level level,
      @Nullable String format,
      Object @Nullable [] parameters,
      @Nullable Throwable thrown) {
    if (format == null || !level.isGreaterOrEqual(Level.WARN)) {
      return FilterReply.NEUTRAL; // without a format: the question whether a level is enabled
    }
    List<String> line =
        List.of(logger.getName(), format, Arrays.toString(parameters), String.valueOf(thrown));
    return said.asMap().putIfAbsent(line, true) == null ? FilterReply.NEUTRAL : FilterReply.DENY;
  }
}
