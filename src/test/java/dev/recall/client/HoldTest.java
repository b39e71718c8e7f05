package dev.recall.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recall.failure.Failure;
import dev.recall.testing.Silence;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is held for a time; the test drives the clock, and Vert.x the timers. */
class HoldTest {

  private static final Duration TTL = Duration.ofMillis(90);

  private final Vertx vertx = Vertx.vertx();
  private final AtomicLong now = new AtomicLong();
  private final AtomicInteger renewals = new AtomicInteger();

  @AfterEach
  void close() {
    vertx.close().await();
  }

  private Hold hold(Supplier<Future<Long>> renewal) {
    return new Hold(
        vertx.getOrCreateContext(),
        now::get,
        TTL,
        now.get(),
        patience -> {
          renewals.incrementAndGet();
          return renewal.get();
        });
  }

  @Test
  void hold_isRenewedAgainAndAgain() {
    Hold hold = hold(() -> Future.succeededFuture(TTL.toMillis()));

    await().until(() -> renewals.get() >= 5);

    assertThat(hold.isLost()).isFalse();
    assertThat(hold.lost()).isNotDone();
  }

  @Test
  void hold_whenARenewalIsRefused_isLost() {
    Hold hold = hold(() -> Future.failedFuture(Failure.LOCK_LOST.because("another has it")));

    await().until(hold.lost()::isDone);

    assertThat(hold.isLost()).isTrue();
    assertThat(renewals).hasValue(1);
  }

  @Test
  void hold_whenARenewalFailsOtherwise_isTriedAgainWhileItLives() {
    Hold hold =
        hold(
            () ->
                renewals.get() < 4
                    ? Future.failedFuture(Failure.NO_SERVER.because("away"))
                    : Future.succeededFuture(TTL.toMillis()));

    await().until(() -> renewals.get() >= 6);

    assertThat(hold.lost()).isNotDone();
  }

  @Test
  void hold_whenNoRenewalIsAnsweredUntilItsTimeIsOver_isLost() {
    Hold hold =
        hold(
            () -> {
              if (renewals.get() == 3) {
                now.addAndGet(TTL.toNanos());
              }
              return Future.failedFuture(Failure.TIMED_OUT.because("away"));
            });

    await().until(hold.lost()::isDone);

    assertThat(renewals).hasValue(3);
    assertThat(hold.isLost()).isTrue();
  }

  @Test
  void isLost_whenItsTimeIsOver_isTrueThoughNoTimerHasTold() {
    Hold hold = hold(() -> Promise.<Long>promise().future());

    now.addAndGet(TTL.toNanos());

    assertThat(hold.isLost()).isTrue();
  }

  @Test
  void leave_endsTheRenewalAndIsNoLoss() throws InterruptedException {
    Hold hold = hold(() -> Future.succeededFuture(TTL.toMillis()));
    await().until(() -> renewals.get() >= 1);

    hold.leave();
    int before = renewals.get();
    now.addAndGet(TTL.toNanos() * 2);
    Silence.last(TTL);

    assertThat(renewals.get()).isLessThanOrEqualTo(before + 1);
    assertThat(hold.isLost()).isFalse();
    assertThat(hold.lost()).isNotDone();
  }
}
