package dev.recall.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OutOfMemoryFilterTest {

  private final List<OutOfMemoryError> seen = new ArrayList<>();
  private final OutOfMemoryError error = new OutOfMemoryError("Java heap space");
  private Logger log;

  @BeforeEach
  void filter() {
    LoggerContext context = new LoggerContext();
    log = context.getLogger("test");
    ListAppender<ILoggingEvent> appender = new ListAppender<>();
    appender.addFilter(new OutOfMemoryFilter(seen::add));
    appender.start();
    log.addAppender(appender);
  }

  @Test
  void decide_whenTheErrorIsLogged_tellsOfIt() {
    log.warn("A task failed", error);
    assertThat(seen).containsExactly(error);
  }

  @Test
  void decide_whenTheErrorIsACauseBehindParameters_tellsOfIt() {
    log.error("{} {} {} failed", "GET", "/", "x", new CompletionException(error));
    assertThat(seen).containsExactly(error);
  }

  @Test
  void decide_whenAnotherErrorIsLogged_saysNothing() {
    log.error("A task failed", new StackOverflowError());
    log.error("{} failed", "a task");
    assertThat(seen).isEmpty();
  }
}
