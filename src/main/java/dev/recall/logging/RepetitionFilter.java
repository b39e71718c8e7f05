package dev.recall.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lets a warning or an error pass once in ten seconds, and drops what says the same again: an error
 * that repeats 100,000 times a second (no file descriptor is left) would fill the disk besides.
 */
public final class RepetitionFilter extends Filter<ILoggingEvent> {

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
  public FilterReply decide(ILoggingEvent event) {
    if (!event.getLevel().isGreaterOrEqual(Level.WARN)) {
      return FilterReply.NEUTRAL;
    }
    List<String> line =
        List.of(
            event.getLoggerName(),
            String.valueOf(event.getFormattedMessage()),
            told(event.getThrowableProxy()));
    return said.asMap().putIfAbsent(line, true) == null ? FilterReply.NEUTRAL : FilterReply.DENY;
  }

  private static String told(@Nullable IThrowableProxy thrown) {
    return thrown == null ? "" : thrown.getClassName() + ": " + thrown.getMessage();
  }
}
