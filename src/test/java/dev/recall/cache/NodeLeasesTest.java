package dev.recall.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class NodeLeasesTest {

  private static final Duration LIFE = Duration.ofSeconds(10);

  private final AtomicLong nanos = new AtomicLong(-5_000_000_000L);
  private final NodeLeases leases = new NodeLeases(nanos::get, 2);

  private String take() {
    return leases.take("k", "secret", LIFE).orElseThrow();
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  @Test
  void take_whileSomebodyHasIt_isEmpty() {
    take();
    pass(LIFE.minusMillis(1));

    assertThat(leases.take("k", "other", LIFE)).isEmpty();
  }

  @Test
  void take_whenTheLastOneHasEnded_isAnother() {
    String first = take();
    pass(LIFE);

    assertThat(leases.take("k", "other", LIFE)).isPresent();
    assertThat(leases.end("k", first, Future.succeededFuture("late"))).isFalse();
  }

  @Test
  void renew_withTheToken_letsItLiveOn() {
    String token = take();
    pass(LIFE.dividedBy(2));

    assertThat(leases.renew("k", token, LIFE)).isTrue();
    pass(LIFE.minusMillis(1));
    assertThat(leases.take("k", "other", LIFE)).isEmpty();
  }

  @Test
  void renew_whenItHasEnded_isFalse() {
    String token = take();
    pass(LIFE);

    assertThat(leases.renew("k", token, LIFE)).isFalse();
  }

  @Test
  void end_withTheToken_tellsWhoWaits() {
    String token = take();
    Future<Optional<String>> waiting = leases.awaited("k").orElseThrow().outcome();

    assertThat(leases.end("k", "node-other", Future.succeededFuture("x"))).isFalse();
    assertThat(leases.end("k", token, Future.succeededFuture("made"))).isTrue();

    assertThat(waiting.result()).contains("made");
    assertThat(leases.awaited("k")).isEmpty();
  }

  @Test
  void giveBack_withTheToken_tellsWhoWaitsThatThereIsNothing() {
    String token = take();
    Future<Optional<String>> waiting = leases.awaited("k").orElseThrow().outcome();

    assertThat(leases.giveBack("k", token)).isTrue();

    assertThat(waiting.result()).isEmpty();
    assertThat(leases.take("k", "other", LIFE)).isPresent();
  }

  @Test
  void awaited_whenItWasRenewed_livesAsLongAsThat() {
    String token = take();
    pass(LIFE.dividedBy(2));
    leases.renew("k", token, LIFE);

    assertThat(leases.awaited("k").orElseThrow().leftMs()).isEqualTo(LIFE.toMillis());
  }
}
