package dev.recall.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;

/**
 * Looks for an {@link OutOfMemoryError}, of the heap, of direct memory or of threads, in whatever
 * is logged. Libraries catch and log it and go on, each as well as it can; a node that goes on like
 * that answers some callers and leaves others waiting for ever.
 */
public final class OutOfMemoryFilter extends TurboFilter {

  private final Consumer<OutOfMemoryError> end;

  /**
   * A filter that lets everything pass.
   *
   * @param end is told of the error
   */
  public OutOfMemoryFilter(Consumer<OutOfMemoryError> end) {
    this.end = end;
  }

  @Override
  public FilterReply decide(
      @Nullable Marker marker,
      Logger logger,
      Level level,
      @Nullable String format,
      Object @Nullable [] parameters,
      @Nullable Throwable thrown) {
    look(thrown);
    if (parameters != null
        && parameters.length > 0
        && parameters[parameters.length - 1] instanceof Throwable last) {
      look(last);
    }
    return FilterReply.NEUTRAL;
  }

  private void look(@Nullable Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof OutOfMemoryError error) {
        end.accept(error);
      }
    }
  }
}
