package dev.recall.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WorkersTest {

  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(250);

  private final Vertx vertx = Vertx.vertx();
  private final Semaphore gate = new Semaphore(0);
  private final AtomicLong now = new AtomicLong();
  private Workers workers = new Workers(vertx, 1, 1, LONG, now::get);

  @AfterEach
  void close() {
    gate.release(100);
    workers.close();
    vertx.close().await();
  }

  /** Keeps the one thread busy until the gate opens, and returns when it has begun. */
  private Future<String> occupy() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    Future<String> result =
        workers.run(
            "ann",
            () -> {
              begun.countDown();
              gate.acquireUninterruptibly();
              return "done";
            });
    begun.await();
    return result;
  }

  @Test
  void run_whenTheTaskReturns_completesOnTheContextOfTheCaller() {
    Context caller = vertx.getOrCreateContext();
    Promise<Context> completedOn = Promise.promise();

    caller.runOnContext(
        called -> {
          workers
              .run(
                  "ann",
                  () -> {
                    gate.acquireUninterruptibly();
                    return "done";
                  })
              .onSuccess(result -> completedOn.complete(Vertx.currentContext()));
          gate.release();
        });

    assertThat(completedOn.future().await()).isSameAs(caller);
  }

  @Test
  void run_whenTheTaskReturns_isItsResult() throws InterruptedException {
    Future<String> result = occupy();

    gate.release();

    assertThat(result.await()).isEqualTo("done");
  }

  @Test
  void run_whenTheTaskThrows_failsWithThat() {
    Exception thrown = new Exception("no such luck");

    Future<String> result =
        workers.run(
            "ann",
            () -> {
              throw thrown;
            });

    assertThatThrownBy(result::await).isSameAs(thrown);
  }

  @Test
  void run_whenTheQueueIsFull_isOverloadedAtOnce() throws InterruptedException {
    Future<String> running = occupy();
    Future<String> queued = workers.run("ann", () -> "queued");

    Future<String> refused = workers.run("ann", () -> "refused");

    assertThat(refused.isComplete()).isTrue();
    assertFails(refused, Failure.OVERLOADED);
    gate.release();
    assertThat(running.await()).isEqualTo("done");
    assertThat(queued.await()).isEqualTo("queued");
  }

  @Test
  void run_whenTheDeadlinePasses_timesOutAndInterruptsTheThread() {
    workers = new Workers(vertx, 1, 1, SHORT, now::get);
    CompletableFuture<InterruptedException> interrupted = new CompletableFuture<>();

    Future<String> result =
        workers.run(
            "ann",
            () -> {
              try {
                gate.acquire();
                return "too late";
              } catch (InterruptedException expected) {
                interrupted.complete(expected);
                throw expected;
              }
            });

    assertFails(result, Failure.TIMED_OUT);
    assertThat(interrupted).succeedsWithin(LONG);
  }

  @Test
  void run_whenTheDeadlinePassesInTheQueue_neverRunsTheTask() throws InterruptedException {
    workers = new Workers(vertx, 1, 1, SHORT, now::get);
    AtomicBoolean ran = new AtomicBoolean();
    Future<String> running = occupy();
    Future<String> queued =
        workers.run(
            "ann",
            () -> {
              ran.set(true);
              return "too late";
            });

    assertFails(running, Failure.TIMED_OUT);
    assertFails(queued, Failure.TIMED_OUT);
    CompletableFuture<String> next = new CompletableFuture<>();
    workers.run("ann", () -> String.valueOf(next.complete("next")));
    gate.release();

    assertThat(next).succeedsWithin(LONG);
    assertThat(ran).isFalse();
  }

  /** Runs a task that takes so long, by the clock. */
  private void take(Duration time) {
    assertThat(
            workers
                .run(
                    "ann",
                    () -> {
                      now.addAndGet(time.toNanos());
                      return "done";
                    })
                .await())
        .isEqualTo("done");
    await().until(workers::areFree);
  }

  @Test
  void run_whenTasksTakeSoLongThatItWouldBeLate_isOverloadedAtOnceAndSaysWhenToAskAgain()
      throws InterruptedException {
    workers = new Workers(vertx, 1, 100, Duration.ofSeconds(10), now::get);
    for (int i = 0; i < 40; i++) {
      take(Duration.ofSeconds(4));
    }
    occupy();
    Future<String> second = workers.run("ann", () -> "in 2 s");
    Future<String> third = workers.run("ann", () -> "in 6 s");

    Future<String> late = workers.run("ann", () -> "in 10 s and more, which is just too late");
    Future<String> later = workers.run("ann", () -> "later");

    assertThat(second.isComplete() || third.isComplete()).isFalse();
    assertThat(late.isComplete()).isFalse();
    assertThat(later.cause())
        .isInstanceOfSatisfying(
            FailureException.class,
            refusal -> {
              assertThat(refusal.failure()).isEqualTo(Failure.OVERLOADED);
              assertThat(refusal.retryAfter())
                  .isBetween(Duration.ofSeconds(3), Duration.ofSeconds(4));
            });
  }

  @Test
  void run_whenAnotherCallerHasMuchWaiting_hasItsTurnNext() throws InterruptedException {
    workers = new Workers(vertx, 1, 100, LONG, now::get);
    List<String> order = new CopyOnWriteArrayList<>();
    occupy();
    List<Future<String>> all = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      all.add(workers.run("ann", () -> String.valueOf(order.add("ann"))));
    }
    all.add(workers.run("bob", () -> String.valueOf(order.add("bob"))));

    gate.release();

    Future.all(all).await();
    assertThat(order.indexOf("bob")).isLessThanOrEqualTo(1);
  }

  @Test
  void run_whenTheQueueIsFullOfAnothersTasks_takesThePlaceOfTheLastOfThem()
      throws InterruptedException {
    workers = new Workers(vertx, 1, 3, LONG, now::get);
    occupy();
    List<Future<String>> anns =
        Stream.generate(() -> workers.run("ann", () -> "ann")).limit(3).toList();

    Future<String> bobs = workers.run("bob", () -> "bob");

    assertFails(anns.get(2), Failure.OVERLOADED);
    gate.release();
    assertThat(bobs.await()).isEqualTo("bob");
    assertThat(Future.all(anns.get(0), anns.get(1)).await().succeeded()).isTrue();
  }

  @Test
  void run_whenATaskDoesNotHeedItsInterrupt_goesOnWithAnotherThread() throws InterruptedException {
    workers = new Workers(vertx, 1, 1, SHORT, now::get);
    assertFails(occupy(), Failure.TIMED_OUT);
    await().until(() -> workers.stuck() == 1);

    assertThat(workers.run("ann", () -> "next").await()).isEqualTo("next");
    gate.release();
    await().until(() -> workers.stuck() == 0);
    assertThat(workers.run("ann", () -> "last").await()).isEqualTo("last");
  }

  @Test
  void run_whenAsManyAsThereAreThreadsDoNotHeedTheirInterrupts_replacesNoMore()
      throws InterruptedException {
    workers = new Workers(vertx, 1, 1, SHORT, now::get);
    assertFails(occupy(), Failure.TIMED_OUT);
    await().until(() -> workers.stuck() == 1);

    assertFails(occupy(), Failure.TIMED_OUT);
    assertFails(workers.run("ann", () -> "never"), Failure.TIMED_OUT);

    assertThat(workers.stuck()).isOne();
    assertThat(workers.areFree()).isFalse();
  }

  @Test
  void close_whenATaskRuns_interruptsItAndEndsTheThread() {
    CompletableFuture<Thread> thread = new CompletableFuture<>();
    Future<String> result =
        workers.run(
            "ann",
            () -> {
              thread.complete(Thread.currentThread());
              gate.acquire();
              return "too late";
            });
    Thread running = thread.join();

    workers.close();

    assertFails(result, Failure.NO_SERVER);
    await().until(() -> !running.isAlive());
  }

  private static void assertFails(Future<?> future, Failure failure) {
    assertThatExceptionOfType(FailureException.class)
        .isThrownBy(future::await)
        .returns(failure, FailureException::failure);
  }
}
