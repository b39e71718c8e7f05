package dev.recall.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recall.api.RateApi.Take;
import dev.recall.api.RateApi.Taken;
import dev.recall.config.Rate;
import dev.recall.config.RouteGroups;
import dev.recall.config.Settings.RateLimit;
import dev.recall.failure.Failure;
import dev.recall.redis.RateStore;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Rate limits whose Redis is away: the time is that of the node, which stands still here. */
class RateLimitsAloneIT {

  private static final RateLimit SEVEN_A_SECOND =
      new RateLimit(new Rate("7/second burst 2"), new RouteGroups(Set.of()));

  private final MeterRegistry meters = new SimpleMeterRegistry();
  private final AtomicLong nanos = new AtomicLong();
  private final StateLoop<RateLimits> loop =
      new StateLoop<>(
          (vertx, store, parts) -> {
            store.close();
            return new RateLimits(
                new RateStore(store),
                Map.of("limit", SEVEN_A_SECOND),
                new LocalRates(nanos::get),
                new StateMeters(meters, parts.queues()));
          });

  @AfterEach
  void close() {
    loop.close();
  }

  private Answer<Taken> take(int cost) {
    return loop.ask(limits -> limits.take(new Take("limit", "caller", cost)));
  }

  @Test
  void take_whenRedisIsAway_isCountedHereAndTimesAreRoundedUp() {
    // one comes back each 142 858 µs
    assertThat(take(1)).isEqualTo(Answer.of(new Taken(true, 1, 143, 0)));
    assertThat(take(1)).isEqualTo(Answer.of(new Taken(true, 0, 286, 0)));
    assertThat(take(1)).isEqualTo(Answer.of(new Taken(false, 0, 286, 143)));
    assertThat(take(2)).isEqualTo(Answer.of(new Taken(false, 0, 286, 286)));
  }

  @Test
  void take_whenItComesBackWhenItWasTold_isTaken() {
    take(2);

    nanos.addAndGet(143_000_000);

    assertThat(take(1)).isEqualTo(Answer.of(new Taken(true, 0, 286, 0)));
  }

  @Test
  void take_whenRedisIsAway_isMeasured() {
    take(2);
    take(1);

    assertThat(meters.counter("recall.rate.local").count()).isEqualTo(2);
  }

  @Test
  void take_whenTheCostIsMoreThanTheBurst_isInvalidAndTakesNothing() {
    assertThat(take(3).failure()).contains(Failure.INVALID);
    assertThat(take(0).failure()).contains(Failure.INVALID);
    assertThat(take(2).value()).hasValueSatisfying(taken -> assertThat(taken.allowed()).isTrue());
  }

  @Test
  void take_whenThereIsNoSuchLimit_saysSo() {
    assertThat(loop.ask(limits -> limits.take(new Take("other", "caller", 1))).failure())
        .contains(Failure.NO_SUCH_RATE_LIMIT);
  }
}
