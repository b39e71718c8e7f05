package dev.recall.redis.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recall.config.Deadlines;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RedisServerTest {

  private static final long A_MINUTE = 60_000_000_000L;

  private final RedisServer server =
      new RedisServer(
          () -> "redis://127.0.0.1:1",
          Deadlines.of(Duration.ofSeconds(5)),
          System::nanoTime,
          System::currentTimeMillis,
          new SplittableRandom(),
          new SimpleMeterRegistry());

  @Test
  void isBelievedUp_whenNothingIsKnown_isTrue() {
    assertThat(server.isBelievedUp()).isTrue();
  }

  @Test
  void isBelievedUp_whenMostAnswersAreMissing_isFalse() {
    fail(3);

    assertThat(server.isBelievedUp()).isFalse();
    assertThat(server.permitsAttempt()).isFalse();
  }

  @Test
  void isBelievedUp_whenFewAnswersAreMissing_isTrue() {
    IntStream.range(0, 6).forEach(i -> server.answered(1));
    fail(2);

    assertThat(server.isBelievedUp()).isTrue();
  }

  @Test
  void missedDeadline_whenAnybodyWasAnsweredSince_saysNothingOfTheServer() {
    long begun = System.nanoTime() - 1;
    server.answered(1);

    IntStream.range(0, 10).forEach(i -> server.missedDeadline(begun, "no reply"));

    assertThat(server.isBelievedUp()).isTrue();
  }

  @Test
  void greeted_whenTheBreakerOpenedDuringTheAttempt_closesIt() {
    assertThat(server.permitsAttempt()).isTrue();
    fail(6);

    server.greeted(1);

    assertThat(server.isBelievedUp()).isTrue();
    assertThat(server.permitsAttempt()).isTrue();
  }

  private void fail(int times) {
    IntStream.range(0, times)
        .forEach(i -> server.missedDeadline(System.nanoTime() + A_MINUTE, "no reply"));
  }
}
