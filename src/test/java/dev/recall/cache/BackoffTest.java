package dev.recall.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BackoffTest {

  private final AtomicLong now = new AtomicLong();
  private final Backoff backoff = new Backoff(now::get);

  @Test
  void isOn_whenAKeyHasFailed_isTrueForASecondAndForThatKeyAlone() {
    backoff.begin("k");

    assertThat(backoff.isOn("k")).isTrue();
    assertThat(backoff.isOn("l")).isFalse();
    now.addAndGet(Duration.ofMillis(1_001).toNanos());
    assertThat(backoff.isOn("k")).isFalse();
  }
}
