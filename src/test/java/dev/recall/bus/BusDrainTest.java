package dev.recall.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.recall.api.CacheApi;
import dev.recall.api.CacheApi.Get;
import dev.recall.api.CacheApi.Result;
import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class BusDrainTest extends OnBus {

  private final Requester<Get, Result> requester = bus.requester(CacheApi.GET.local(), LONG);

  @Test
  void drain_whenRequestsAreTaken_answersThemAndThenServesNobody() {
    Promise<Result> answer = Promise.promise();
    AtomicBoolean taken = new AtomicBoolean();
    bus.serve(
            CacheApi.GET.local(),
            get -> {
              taken.set(true);
              return answer.future();
            })
        .await();
    Future<Result> asked = requester.request(GET);
    await().untilTrue(taken);

    Future<Void> drained = bus.drain(Duration.ofSeconds(5));
    assertServesNobody();
    assertThat(drained.isComplete()).isFalse();
    assertThat(asked.isComplete()).isFalse();

    answer.complete(RESULT);
    drained.await();
    assertThat(asked.await()).isSameAs(RESULT);
  }

  @Test
  void drain_whenNothingIsTaken_completes() {
    bus.serve(CacheApi.GET.local(), get -> Future.succeededFuture(RESULT)).await();

    bus.drain(Duration.ofSeconds(5)).await();

    assertServesNobody();
  }

  private void assertServesNobody() {
    assertThatExceptionOfType(FailureException.class)
        .isThrownBy(() -> requester.request(GET).await())
        .returns(Failure.NO_SERVER, FailureException::failure);
  }

  @Test
  void drain_whenARequestIsOnItsWay_refusesItAtOnce() {
    bus.serve(CacheApi.GET.local(), get -> Future.succeededFuture(RESULT)).await();
    CountDownLatch asked = new CountDownLatch(1);
    vertx.getOrCreateContext().runOnContext(busy -> awaitQuietly(asked));
    Future<Result> late = requester.request(GET);

    Future<Void> drained = bus.drain(Duration.ofSeconds(5));
    asked.countDown();

    drained.await();
    assertThatExceptionOfType(FailureException.class)
        .isThrownBy(late::await)
        .returns(Failure.NO_SERVER, FailureException::failure);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      assertThat(latch.await(5, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }
}
