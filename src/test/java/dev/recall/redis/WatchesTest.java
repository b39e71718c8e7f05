package dev.recall.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.MAP;
import static org.awaitility.Awaitility.await;

import dev.recall.redis.Watches.Watch;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.Collections;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WatchesTest {

  private static final int THREADS = 8;
  private static final int WATCHES = 2_000;
  private static final long LONG_MS = 600_000;

  private final Vertx vertx = Vertx.vertx();
  private final Watches watches = new Watches(vertx);

  @AfterEach
  void close() {
    vertx.close().await();
  }

  /** Long before the time of the watches is over. */
  private static void awaitWoken(Future<?>... waits) throws TimeoutException {
    for (Future<?> wait : waits) {
      wait.await(10, TimeUnit.SECONDS);
    }
  }

  private void assertNobodyWatches() {
    await()
        .untilAsserted(() -> assertThat(watches).extracting("byKey").asInstanceOf(MAP).isEmpty());
  }

  @Test
  void wake_whenSomebodyWaits_endsTheWaitAndTheWatch() throws TimeoutException {
    Future<Void> changed = watches.on("fib:10").changed(LONG_MS);
    assertThat(changed.isComplete()).isFalse();

    watches.wake("fib:10");

    awaitWoken(changed);
    assertNobodyWatches();
  }

  @Test
  void wake_whenNobodyWaitsYet_endsTheWaitAsSoonAsItBegins() throws TimeoutException {
    Watch watch = watches.on("fib:10");

    watches.wake("fib:10");

    awaitWoken(watch.changed(LONG_MS));
    assertNobodyWatches();
  }

  @Test
  void wake_whenTheWatchBeganLater_doesNotEndIt() {
    watches.wake("fib:10");
    Watch watch = watches.on("fib:10");

    Future<Void> changed = watch.changed(LONG_MS);

    assertThat(changed.isComplete()).isFalse();
  }

  @Test
  void wake_whenSeveralWatchOneKey_wakesThemAll() throws TimeoutException {
    Future<Void> one = watches.on("fib:10").changed(LONG_MS);
    Future<Void> another = watches.on("fib:10").changed(LONG_MS);

    watches.wake("fib:10");

    awaitWoken(one, another);
    assertNobodyWatches();
  }

  @Test
  void wake_whenTheKeyIsAnother_wakesNobody() throws TimeoutException {
    Future<Void> waiting = watches.on("fib:1").changed(LONG_MS);
    Future<Void> woken = watches.on("fib:10").changed(LONG_MS);

    watches.wake("fib:10");

    awaitWoken(woken);
    assertThat(waiting.isComplete()).isFalse();
  }

  @Test
  void wake_whenOneOfTwoHasClosed_wakesTheOther() throws TimeoutException {
    Watch closed = watches.on("fib:10");
    Future<Void> waiting = watches.on("fib:10").changed(LONG_MS);
    closed.close();

    watches.wake("fib:10");

    awaitWoken(waiting);
    assertNobodyWatches();
  }

  @Test
  void changed_whenTheTimeIsOver_completesAndClosesTheWatch() {
    watches.on("fib:10").changed(1).await();

    assertNobodyWatches();
  }

  @Test
  void changed_whenOneTimeIsOver_leavesTheWatchesOfOthers() throws TimeoutException {
    Future<Void> waiting = watches.on("fib:10").changed(LONG_MS);

    watches.on("fib:10").changed(1).await();

    assertThat(waiting.isComplete()).isFalse();
    watches.wake("fib:10");
    awaitWoken(waiting);
  }

  @Test
  void changed_whenWokenFromAnotherThread_completesOnTheContextThatWatches() {
    Context own = vertx.getOrCreateContext();
    Promise<Void> watching = Promise.promise();
    Promise<Context> toldOn = Promise.promise();
    own.runOnContext(
        called -> {
          watches
              .on("fib:10")
              .changed(LONG_MS)
              .onSuccess(told -> toldOn.complete(Vertx.currentContext()));
          watching.complete();
        });
    watching.future().await();

    watches.wake("fib:10");

    assertThat(toldOn.future().await()).isSameAs(own);
  }

  @Test
  void close_whenNobodyWaited_leavesNothingBehind() {
    Watch watch = watches.on("fib:10");

    watch.close();

    assertNobodyWatches();
  }

  @Test
  void close_whenCalledTwice_leavesTheWatchesOfOthers() throws TimeoutException {
    Watch watch = watches.on("fib:10");
    Future<Void> waiting = watches.on("fib:10").changed(LONG_MS);

    watch.close();
    watch.close();

    watches.wake("fib:10");
    awaitWoken(waiting);
  }

  @Test
  void wakeAll_whenSeveralKeysAreWatched_wakesThemAll() throws TimeoutException {
    Future<Void> one = watches.on("fib:1").changed(LONG_MS);
    Future<Void> two = watches.on("fib:2").changed(LONG_MS);

    watches.wakeAll();

    awaitWoken(one, two);
    assertNobodyWatches();
  }

  @Test
  void areHearing_whenNothingWasSaid_doesNotHold() {
    assertThat(watches.areHearing()).isFalse();
  }

  @Test
  void hear_whenChangesAreHeardOf_wakesNobody() {
    Future<Void> waiting = watches.on("fib:10").changed(LONG_MS);

    watches.hear(true);

    assertThat(watches.areHearing()).isTrue();
    assertThat(waiting.isComplete()).isFalse();
  }

  @Test
  void hear_whenChangesAreHeardOfNoMore_wakesEverybody() throws TimeoutException {
    watches.hear(true);
    Future<Void> one = watches.on("fib:1").changed(LONG_MS);
    Future<Void> two = watches.on("fib:2").changed(LONG_MS);

    watches.hear(false);

    assertThat(watches.areHearing()).isFalse();
    awaitWoken(one, two);
    assertNobodyWatches();
  }

  @Test
  void wake_whenManyThreadsWatchOneKey_losesNobodyAndLeavesNothingBehind() throws Exception {
    CyclicBarrier start = new CyclicBarrier(THREADS);
    Queue<Future<Void>> waits = new ConcurrentLinkedQueue<>();
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    Callable<Boolean> watching =
        () -> {
          start.await();
          for (int i = 0; i < WATCHES; i++) {
            Watch watch = watches.on("fib:10");
            watches.wake("fib:10");
            waits.add(watch.changed(LONG_MS));
            watch.close();
            for (int others = 0; others < 50; others++) {
              watches.on("fib:10").close();
            }
          }
          return true;
        };

    threads.invokeAll(Collections.nCopies(THREADS, watching));
    threads.shutdown();

    assertThat(waits).hasSize(THREADS * WATCHES);
    awaitWoken(waits.toArray(new Future<?>[0]));
    assertNobodyWatches();
  }
}
