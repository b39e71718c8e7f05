package dev.recall.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import org.apfloat.ApfloatContext;
import org.junit.jupiter.api.Test;

/** That apfloat keeps to the worker it is called on, and off the disk. */
class ApfloatSettingsTest {

  @Test
  void calculatesOnOneThreadInMemory() {
    ApfloatContext context = ApfloatContext.getContext();
    assertThat(context.getNumberOfProcessors()).isEqualTo(1);
    assertThat(context.getMemoryThreshold()).isEqualTo(Integer.MAX_VALUE);
    assertThat(context.getCleanupAtExit()).isFalse();
  }

  @Test
  void anInterruptStopsTheComputationAndNothingElse() throws InterruptedException {
    Fibonacci fibonacci = new Fibonacci(10_000_000, Duration.ofMinutes(1));
    Thread.currentThread().interrupt();
    assertThatExceptionOfType(InterruptedException.class)
        .isThrownBy(() -> fibonacci.compute("10000000"));
    assertThat(fibonacci.compute("140000").length()).isEqualTo(29_258);
  }
}
