package dev.recall.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recall.api.RateApi.Take;
import dev.recall.api.RateApi.Taken;
import dev.recall.config.Rate;
import dev.recall.config.RouteGroups;
import dev.recall.config.Settings.RateLimit;
import dev.recall.redis.RateStore;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Rate limits whose clock, or whose memory, somebody has tampered with. */
class RateLimitsIT extends OnStateLoop<RateLimits> {

  private static final Rate RATE = new Rate("24/day burst 2");
  private static final String KEY = "rate:limit:caller";

  RateLimitsIT() {
    super(
        (vertx, store, parts) ->
            new RateLimits(
                new RateStore(store),
                Map.of("limit", new RateLimit(RATE, new RouteGroups(Set.of()))),
                parts.localRates(),
                parts.meters()));
  }

  private Taken take() {
    return loop.ask(limits -> limits.take(new Take("limit", "caller", 1))).value().orElseThrow();
  }

  /** Moves the clock of Redis, as this limit sees it. */
  private void moveClock(Duration time) {
    long back = redis.cli().number("GET", KEY);
    redis.cli().run("SET", KEY, Long.toString(back - time.toMillis() * 1000), "PX", "1000000000");
  }

  @Test
  void take_whenTheClockWasSetBack_isRefusedForNoLongerThanItSays() {
    take();
    moveClock(Duration.ofDays(-10));
    Taken refused = take();
    assertThat(refused.allowed()).isFalse();
    assertThat(refused.retryAfterMs()).isEqualTo(Duration.ofHours(1).toMillis());

    moveClock(Duration.ofMillis(refused.retryAfterMs()));

    assertThat(take().allowed()).isTrue();
  }

  @Test
  void take_whenAnotherProgramWroteWhatIsNoNumber_beginsAnew() {
    redis.cli().run("SET", KEY, "nan");

    assertThat(take()).returns(true, Taken::allowed).returns(1L, Taken::remaining);
  }
}
