package dev.recall.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.MAP;

import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import dev.recall.state.LockQueues.Place;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LockQueuesTest {

  private static final int THREADS = 8;
  private static final int TURNS = 500;
  private static final long LONG_MS = 600_000;

  private final Vertx vertx = Vertx.vertx();
  private final LockQueues queues = new LockQueues(vertx, 1_000_000);

  @AfterEach
  void close() {
    vertx.close().await();
  }

  private void assertNobodyWaits() {
    assertThat(queues).extracting("byName").asInstanceOf(MAP).isEmpty();
  }

  @Test
  void join_whenNobodyWaits_isFirst() {
    assertThat(queues.join("l").isFirst()).isTrue();
  }

  @Test
  void join_whenSomebodyWaits_isNotFirst() {
    queues.join("l");

    assertThat(queues.join("l").isFirst()).isFalse();
  }

  @Test
  void join_whenSomebodyWaitsForAnotherLock_isFirst() {
    queues.join("l");

    assertThat(queues.join("m").isFirst()).isTrue();
  }

  @Test
  void leave_whenItWasFirst_makesTheNextOneFirstAndNobodyElse() throws TimeoutException {
    Place one = queues.join("l");
    Place two = queues.join("l");
    Place three = queues.join("l");

    one.leave();

    two.first(LONG_MS).await(10, TimeUnit.SECONDS);
    assertThat(three.isFirst()).isFalse();
    two.leave();
    three.first(LONG_MS).await(10, TimeUnit.SECONDS);
  }

  @Test
  void leave_whenItWasInTheMiddle_keepsTheOrderOfTheOthers() throws TimeoutException {
    Place one = queues.join("l");
    Place two = queues.join("l");
    Place three = queues.join("l");
    Place four = queues.join("l");

    two.leave();
    assertThat(three.isFirst()).isFalse();
    one.leave();

    three.first(LONG_MS).await(10, TimeUnit.SECONDS);
    assertThat(four.isFirst()).isFalse();
  }

  @Test
  void leave_whenItWasInTheMiddle_isNeverFirst() {
    Place one = queues.join("l");
    Place two = queues.join("l");

    two.leave();
    one.leave();

    assertThat(two.isFirst()).isFalse();
  }

  @Test
  void leave_whenItWasLast_leavesNothingBehind() {
    Place one = queues.join("l");
    Place two = queues.join("l");

    one.leave();
    two.leave();

    assertNobodyWaits();
    assertThat(queues.join("l").isFirst()).isTrue();
  }

  @Test
  void leave_whenItHasLeft_movesNobody() throws TimeoutException {
    Place one = queues.join("l");
    Place two = queues.join("l");
    Place three = queues.join("l");
    one.leave();

    one.leave();

    two.first(LONG_MS).await(10, TimeUnit.SECONDS);
    assertThat(three.isFirst()).isFalse();
  }

  @Test
  void leave_whenItHasLeftAndOthersQueueAnew_movesNobody() {
    Place gone = queues.join("l");
    gone.leave();
    queues.join("l");
    Place second = queues.join("l");

    gone.leave();

    assertThat(second.isFirst()).isFalse();
  }

  @Test
  void first_whenItIsFirst_isCompleteAtOnce() {
    assertThat(queues.join("l").first(LONG_MS).isComplete()).isTrue();
  }

  @Test
  void first_whenTheTimeIsOver_fails() {
    queues.join("l");
    Place two = queues.join("l");

    assertThatThrownBy(() -> two.first(1).await()).isInstanceOf(TimeoutException.class);
  }

  @Test
  void first_whenThereIsNoTimeLeft_failsAllTheSame() {
    queues.join("l");
    Place two = queues.join("l");

    assertThatThrownBy(() -> two.first(-5).await()).isInstanceOf(TimeoutException.class);
  }

  @Test
  void first_whenTheTimeIsOverAndItHasNotLeft_keepsItsPlace() throws TimeoutException {
    Place one = queues.join("l");
    Place two = queues.join("l");
    assertThatThrownBy(() -> two.first(1).await()).isInstanceOf(TimeoutException.class);

    one.leave();

    two.first(LONG_MS).await(10, TimeUnit.SECONDS);
  }

  @Test
  void leave_whenTheTimeWasOver_letsTheNextOnePass() throws TimeoutException {
    Place one = queues.join("l");
    Place two = queues.join("l");
    Place three = queues.join("l");
    assertThatThrownBy(() -> two.first(1).await()).isInstanceOf(TimeoutException.class);
    two.leave();

    one.leave();

    three.first(LONG_MS).await(10, TimeUnit.SECONDS);
  }

  @Test
  void first_whenAnotherEventLoopLeaves_completesOnTheContextThatWaits() throws TimeoutException {
    Context own = vertx.getOrCreateContext();
    Place one = queues.join("l");
    Promise<Void> waiting = Promise.promise();
    Promise<Context> toldOn = Promise.promise();
    own.runOnContext(
        called -> {
          queues
              .join("l")
              .first(LONG_MS)
              .onSuccess(told -> toldOn.complete(Vertx.currentContext()));
          waiting.complete();
        });
    waiting.future().await(10, TimeUnit.SECONDS);

    Future<Void> left =
        vertx.executeBlocking(
            () -> {
              one.leave();
              return null;
            });

    left.await(10, TimeUnit.SECONDS);
    assertThat(toldOn.future().await(10, TimeUnit.SECONDS)).isSameAs(own);
  }

  @Test
  void join_whenManyThreadsQueue_isFirstForOneOfThemAtATime() throws Exception {
    CyclicBarrier start = new CyclicBarrier(THREADS);
    AtomicInteger first = new AtomicInteger();
    AtomicInteger mostAtOnce = new AtomicInteger();
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    Callable<Boolean> queueing =
        () -> {
          start.await();
          for (int i = 0; i < TURNS; i++) {
            Place place = queues.join("l");
            place.first(LONG_MS).await(20, TimeUnit.SECONDS);
            mostAtOnce.accumulateAndGet(first.incrementAndGet(), Math::max);
            first.decrementAndGet();
            place.leave();
            for (int others = 0; others < 50; others++) {
              queues.join("l").leave();
            }
          }
          return true;
        };

    for (var thread : threads.invokeAll(Collections.nCopies(THREADS, queueing))) {
      assertThat(thread.get()).isTrue();
    }
    threads.shutdown();

    assertThat(mostAtOnce).hasValue(1);
    assertNobodyWaits();
  }

  @Test
  void leave_whenTheQueueIsLongAndEverybodyGivesUpAtOnce_reachesTheLastOne()
      throws TimeoutException {
    Place first = queues.join("l");
    Place last = first;
    for (int i = 0; i < 10_000; i++) {
      last = queues.join("l");
      Place place = last;
      place.first(LONG_MS).onComplete(now -> place.leave());
    }

    first.leave();

    last.first(LONG_MS).await(10, TimeUnit.SECONDS);
  }

  @Test
  void close_whenSomebodyWaits_tellsAllButTheFirst() throws TimeoutException {
    Place first = queues.join("l");
    Place second = queues.join("l");

    queues.close();

    assertThat(first.isFirst()).isTrue();
    assertThatThrownBy(() -> second.first(LONG_MS).await(10, TimeUnit.SECONDS))
        .hasMessage("this node is stopping");
  }

  @Test
  void close_whenItIsOnTheLoopOfThoseWhoWait_tellsEachOfThem() throws TimeoutException {
    Promise<Void> closed = Promise.promise();
    List<Future<Void>> told = new ArrayList<>();
    vertx.runOnContext(
        now -> {
          queues.join("l");
          for (int i = 0; i < 40; i++) {
            Place place = queues.join("l");
            told.add(place.first(LONG_MS).onComplete(over -> place.leave()));
          }
          queues.close();
          closed.complete();
        });

    closed.future().await(10, TimeUnit.SECONDS);
    assertThat(told)
        .allSatisfy(
            place ->
                assertThatThrownBy(() -> place.await(10, TimeUnit.SECONDS))
                    .hasMessage("this node is stopping"));
  }

  @Test
  void join_whenTheQueuesAreClosed_letsNobodyWait() {
    queues.join("l");
    queues.close();

    assertThat(queues.join("l").isFirst()).isFalse();
    assertThatThrownBy(() -> queues.join("l").first(LONG_MS).await(10, TimeUnit.SECONDS))
        .hasMessage("this node is stopping");
  }

  @Test
  void join_whenHalfOfAllPlacesAreForOneLock_isOverloadedForThatLockAlone() {
    LockQueues few = new LockQueues(vertx, 4);
    few.join("l");
    Place second = few.join("l");

    assertOverloaded(() -> few.join("l"));
    few.join("m");
    second.leave();
    few.join("l");
    few.join("n");
    assertOverloaded(() -> few.join("o"));
    assertThat(few.size()).isEqualTo(4);
  }

  @Test
  void giveUp_whenItWaits_tellsItThatTheTimeIsOver() {
    queues.join("l");
    Place second = queues.join("l");
    Future<Void> waiting = second.first(LONG_MS);

    second.giveUp();

    assertThatThrownBy(waiting::await).hasMessageContaining("nobody waits here any more");
    assertThat(queues.size()).isOne();
  }

  private static void assertOverloaded(ThrowingCallable join) {
    assertThatThrownBy(join)
        .isInstanceOfSatisfying(
            FailureException.class,
            refusal -> assertThat(refusal.failure()).isEqualTo(Failure.OVERLOADED));
  }
}
