package dev.recall.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recall.config.Rate;
import dev.recall.redis.RateStore.Reading;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Apart from what {@link RateLimitsModelIT} holds against a model. */
class LocalRatesTest {

  private static final Rate THREE_AT_ONCE = new Rate("1/second burst 3");
  private static final long SECOND = 1_000_000;

  private final AtomicLong nanos = new AtomicLong(12_345_678_000L);
  private final LocalRates rates = new LocalRates(nanos::get);

  private Reading take(int cost) {
    return rates.take("limit", "caller", THREE_AT_ONCE, cost);
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  @Test
  void take_whenTheBurstIsNotUsedUp_isTaken() {
    assertThat(take(1)).isEqualTo(new Reading(true, SECOND));
    assertThat(take(2)).isEqualTo(new Reading(true, 3 * SECOND));
  }

  @Test
  void take_whenTheBurstIsUsedUp_isRefused() {
    take(3);

    assertThat(take(1)).isEqualTo(new Reading(false, 3 * SECOND));
  }

  @Test
  void take_whenRefused_takesNothing() {
    take(2);

    assertThat(take(2).taken()).isFalse();

    assertThat(take(1)).isEqualTo(new Reading(true, 3 * SECOND));
  }

  @Test
  void take_whenOneHasComeBack_isTakenAgainAndNotEarlier() {
    take(3);

    pass(Duration.ofMillis(999));
    assertThat(take(1)).isEqualTo(new Reading(false, 2_001_000));
    pass(Duration.ofMillis(1));
    assertThat(take(1)).isEqualTo(new Reading(true, 3 * SECOND));
  }

  @Test
  void take_afterALongPause_isNoMoreThanTheBurst() {
    take(3);

    pass(Duration.ofHours(20));

    assertThat(take(3).taken()).isTrue();
    assertThat(take(1).taken()).isFalse();
  }

  @Test
  void take_afterAPauseOfMoreThanADay_stillCountsWhatHasNotComeBack() {
    Rate rate = new Rate("1/day burst 5");
    rates.take("slow", "caller", rate, 5);

    pass(Duration.ofHours(25));

    assertThat(rates.take("slow", "caller", rate, 1).taken()).isTrue();
    assertThat(rates.take("slow", "caller", rate, 1).taken()).isFalse();
  }

  @Test
  void take_whenAnotherCallerHasUsedUpTheBurst_isTaken() {
    take(3);

    assertThat(rates.take("limit", "another", THREE_AT_ONCE, 3).taken()).isTrue();
  }

  @Test
  void take_whenAnotherLimitIsUsedUp_isTaken() {
    take(3);

    assertThat(rates.take("another", "caller", THREE_AT_ONCE, 3).taken()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MIN_VALUE, -1_500_000_000, -1_000, 0, Long.MAX_VALUE / 2})
  void take_whereverTheClockBegan_countsTheSame(long begin) {
    nanos.set(begin);
    assertThat(take(3)).isEqualTo(new Reading(true, 3 * SECOND));

    pass(Duration.ofSeconds(2));

    assertThat(take(2).taken()).isTrue();
    assertThat(take(1).taken()).isFalse();
  }

  @Test
  void take_whenTheNumbersAreTheLargest_isExact() {
    Rate widest = new Rate("1/day burst 1000000");
    long all = Duration.ofDays(1_000_000).toMillis() * 1000;

    assertThat(rates.take("widest", "caller", widest, 1_000_000)).isEqualTo(new Reading(true, all));
    assertThat(rates.take("widest", "caller", widest, 1_000_000))
        .isEqualTo(new Reading(false, all));
  }

  @Test
  void take_whenManyThreadsTake_isTakenNoMoreThanTheBurst() throws Exception {
    Rate rate = new Rate("1/day burst 1000");
    ExecutorService threads = Executors.newFixedThreadPool(8);
    Callable<Integer> taking =
        () -> {
          int taken = 0;
          for (int i = 0; i < 1_000; i++) {
            taken += rates.take("limit", "caller", rate, 1).taken() ? 1 : 0;
          }
          return taken;
        };

    List<Integer> taken = new ArrayList<>();
    for (Future<Integer> thread : threads.invokeAll(Collections.nCopies(8, taking))) {
      taken.add(thread.get());
    }
    threads.shutdown();

    assertThat(taken.stream().mapToInt(Integer::intValue).sum()).isEqualTo(1_000);
  }
}
