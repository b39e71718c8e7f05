package dev.recall.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.recall.bus.Failure;
import dev.recall.bus.FailureException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WorkersTest {

  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(250);

  private final Vertx vertx = Vertx.vertx();
  private final Semaphore gate = new Semaphore(0);
  private Workers workers = new Workers(vertx, 1, 1, LONG);

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
            () -> {
              throw thrown;
            });

    assertThatThrownBy(result::await).isSameAs(thrown);
  }

  @Test
  void run_whenTheQueueIsFull_isOverloadedAtOnce() throws InterruptedException {
    Future<String> running = occupy();
    Future<String> queued = workers.run(() -> "queued");

    Future<String> refused = workers.run(() -> "refused");

    assertThat(refused.isComplete()).isTrue();
    assertFails(refused, Failure.OVERLOADED);
    gate.release();
    assertThat(running.await()).isEqualTo("done");
    assertThat(queued.await()).isEqualTo("queued");
  }

  @Test
  void run_whenTheDeadlinePasses_timesOutAndInterruptsTheThread() {
    workers = new Workers(vertx, 1, 1, SHORT);
    CompletableFuture<InterruptedException> interrupted = new CompletableFuture<>();

    Future<String> result =
        workers.run(
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
    workers = new Workers(vertx, 1, 1, SHORT);
    AtomicBoolean ran = new AtomicBoolean();
    Future<String> running = occupy();
    Future<String> queued =
        workers.run(
            () -> {
              ran.set(true);
              return "too late";
            });

    assertFails(running, Failure.TIMED_OUT);
    assertFails(queued, Failure.TIMED_OUT);
    CompletableFuture<String> next = new CompletableFuture<>();
    workers.run(() -> String.valueOf(next.complete("next")));
    gate.release();

    assertThat(next).succeedsWithin(LONG);
    assertThat(ran).isFalse();
  }

  @Test
  void close_whenATaskRuns_interruptsItAndEndsTheThread() {
    CompletableFuture<Thread> thread = new CompletableFuture<>();
    Future<String> result =
        workers.run(
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
