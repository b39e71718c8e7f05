package dev.recall.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Looks for an {@link OutOfMemoryError}, of the heap, of direct memory or of threads, in whatever
 * is logged. Libraries catch and log it and go on, each as well as it can; a node that goes on like
 * that answers some callers and leaves others waiting for ever.
 */
public final class OutOfMemoryFilter extends Filter<ILoggingEvent> {

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
  public FilterReply decide(ILoggingEvent event) {
    if (event.getThrowableProxy() instanceof ThrowableProxy logged) {
      look(logged.getThrowable());
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
