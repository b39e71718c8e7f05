package dev.recall.failure;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class BugsTest {

  private final Logger log = (Logger) LoggerFactory.getLogger("bugs-test");
  private final ListAppender<ILoggingEvent> told = new ListAppender<>();
  private final AtomicLong now = new AtomicLong();
  private final Bugs bugs = new Bugs(now::get);

  @BeforeEach
  void listen() {
    log.setAdditive(false);
    told.start();
    log.addAppender(told);
  }

  @AfterEach
  void stop() {
    log.detachAppender(told);
  }

  private static Throwable bug() {
    return new IllegalStateException("a bug");
  }

  private void pass(Duration time) {
    now.addAndGet(time.toNanos());
  }

  @Test
  void add_whenABugIsNew_tellsItsStackTrace() {
    bugs.add(log, "A test", bug());

    assertThat(told.list).singleElement().matches(event -> event.getThrowableProxy() != null);
    assertThat(told.list.get(0).getFormattedMessage()).isEqualTo("A test failed by a bug");
  }

  @Test
  void add_whenABugRepeats_isSilentForAMinute() {
    for (int i = 0; i < 1000; i++) {
      bugs.add(log, "A test", bug());
    }

    assertThat(told.list).hasSize(1);
  }

  @Test
  void add_whenABugGoesOnAfterAMinute_countsItInALineWithoutATrace() {
    for (int i = 0; i < 500; i++) {
      bugs.add(log, "A test", bug());
    }
    pass(Duration.ofMinutes(1));
    bugs.add(log, "A test", bug());
    bugs.add(log, "A test", bug());

    assertThat(told.list).hasSize(2);
    assertThat(told.list.get(1).getThrowableProxy()).isNull();
    assertThat(told.list.get(1).getFormattedMessage())
        .isEqualTo(
            "A test failed by a bug told before, 500 times more:"
                + " java.lang.IllegalStateException: a bug");
  }

  @Test
  void add_whenABugIsOfAnotherPlace_tellsIt() {
    bugs.add(log, "A test", bug());
    bugs.add(log, "A test", new IllegalStateException("another"));

    assertThat(told.list).hasSize(2);
  }

  @Test
  void add_whenABugHasNoStackTrace_tellsItOnceAllTheSame() {
    Throwable bare = bug();
    bare.setStackTrace(new StackTraceElement[0]);

    bugs.add(log, "A test", bare);
    bugs.add(log, "A test", bare);

    assertThat(told.list).hasSize(1);
  }
}
