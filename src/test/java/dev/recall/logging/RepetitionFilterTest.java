package dev.recall.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RepetitionFilterTest {

  private final AtomicLong clock = new AtomicLong();
  private final ListAppender<ILoggingEvent> said = new ListAppender<>();
  private Logger log;

  @BeforeEach
  void filter() {
    LoggerContext context = new LoggerContext();
    log = context.getLogger("test");
    said.addFilter(new RepetitionFilter(clock::get));
    said.start();
    log.addAppender(said);
  }

  @Test
  void decide_whenAnErrorRepeats_letsItPassOnce() {
    for (int i = 0; i < 1_000; i++) {
      log.warn("accept failed", new IOException("Too many open files"));
    }
    assertThat(said.list).hasSize(1);
  }

  @Test
  void decide_whenItIsSaidAgainLater_letsItPassAgain() {
    log.warn("accept failed");
    clock.addAndGet(TimeUnit.SECONDS.toNanos(11));
    log.warn("accept failed");
    assertThat(said.list).hasSize(2);
  }

  @Test
  void decide_whenSomethingElseIsSaid_letsBothPass() {
    log.warn("{} failed", "accept");
    log.warn("{} failed", "read");
    log.warn("failed", new IOException("one"));
    log.warn("failed", new IOException("other"));
    assertThat(said.list).hasSize(4);
  }

  @Test
  void decide_whenNothingIsWrong_letsEverythingPass() {
    log.info("started");
    log.info("started");
    assertThat(said.list).hasSize(2);
  }
}
