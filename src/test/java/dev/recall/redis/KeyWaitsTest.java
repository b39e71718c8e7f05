package dev.recall.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.MAP;
import static org.awaitility.Awaitility.await;

import dev.recall.redis.KeyWaits.KeyWait;
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

class KeyWaitsTest {

  private static final int THREADS = 8;
  private static final int WATCHES = 2_000;
  private static final long LONG_MS = 600_000;

  private final Vertx vertx = Vertx.vertx();
  private final KeyWaits keyWaits = new KeyWaits(vertx);

  @AfterEach
  void close() {
    vertx.close().await();
  }

  /** Long before the time of the keyWaits is over. */
  private static void awaitWoken(Future<?>... waits) throws TimeoutException {
    for (Future<?> wait : waits) {
      wait.await(10, TimeUnit.SECONDS);
    }
  }

  private void assertNobodyWatches() {
    await()
        .untilAsserted(() -> assertThat(keyWaits).extracting("byKey").asInstanceOf(MAP).isEmpty());
  }

  @Test
  void wake_whenSomebodyWaits_endsTheWaitAndTheWatch() throws TimeoutException {
    Future<Void> changed = keyWaits.on("fib:10").changed(LONG_MS);
    assertThat(changed.isComplete()).isFalse();

    keyWaits.wake("fib:10");

    awaitWoken(changed);
    assertNobodyWatches();
  }

  @Test
  void wake_whenNobodyWaitsYet_endsTheWaitAsSoonAsItBegins() throws TimeoutException {
    KeyWait watch = keyWaits.on("fib:10");

    keyWaits.wake("fib:10");

    awaitWoken(watch.changed(LONG_MS));
    assertNobodyWatches();
  }

  @Test
  void wake_whenTheWatchBeganLater_doesNotEndIt() {
    keyWaits.wake("fib:10");
    KeyWait watch = keyWaits.on("fib:10");

    Future<Void> changed = watch.changed(LONG_MS);

    assertThat(changed.isComplete()).isFalse();
  }

  @Test
  void wake_whenSeveralWatchOneKey_wakesThemAll() throws TimeoutException {
    Future<Void> one = keyWaits.on("fib:10").changed(LONG_MS);
    Future<Void> another = keyWaits.on("fib:10").changed(LONG_MS);

    keyWaits.wake("fib:10");

    awaitWoken(one, another);
    assertNobodyWatches();
  }

  @Test
  void wake_whenTheKeyIsAnother_wakesNobody() throws TimeoutException {
    Future<Void> waiting = keyWaits.on("fib:1").changed(LONG_MS);
    Future<Void> woken = keyWaits.on("fib:10").changed(LONG_MS);

    keyWaits.wake("fib:10");

    awaitWoken(woken);
    assertThat(waiting.isComplete()).isFalse();
  }

  @Test
  void wake_whenOneOfTwoHasClosed_wakesTheOther() throws TimeoutException {
    KeyWait closed = keyWaits.on("fib:10");
    Future<Void> waiting = keyWaits.on("fib:10").changed(LONG_MS);
    closed.close();

    keyWaits.wake("fib:10");

    awaitWoken(waiting);
    assertNobodyWatches();
  }

  @Test
  void changed_whenTheTimeIsOver_completesAndClosesTheWatch() {
    keyWaits.on("fib:10").changed(1).await();

    assertNobodyWatches();
  }

  @Test
  void changed_whenOneTimeIsOver_leavesTheWatchesOfOthers() throws TimeoutException {
    Future<Void> waiting = keyWaits.on("fib:10").changed(LONG_MS);

    keyWaits.on("fib:10").changed(1).await();

    assertThat(waiting.isComplete()).isFalse();
    keyWaits.wake("fib:10");
    awaitWoken(waiting);
  }

  @Test
  void changed_whenWokenFromAnotherThread_completesOnTheContextThatWatches() {
    Context own = vertx.getOrCreateContext();
    Promise<Void> watching = Promise.promise();
    Promise<Context> toldOn = Promise.promise();
    own.runOnContext(
        called -> {
          keyWaits
              .on("fib:10")
              .changed(LONG_MS)
              .onSuccess(told -> toldOn.complete(Vertx.currentContext()));
          watching.complete();
        });
    watching.future().await();

    keyWaits.wake("fib:10");

    assertThat(toldOn.future().await()).isSameAs(own);
  }

  @Test
  void close_whenNobodyWaited_leavesNothingBehind() {
    KeyWait watch = keyWaits.on("fib:10");

    watch.close();

    assertNobodyWatches();
  }

  @Test
  void close_whenCalledTwice_leavesTheWatchesOfOthers() throws TimeoutException {
    KeyWait watch = keyWaits.on("fib:10");
    Future<Void> waiting = keyWaits.on("fib:10").changed(LONG_MS);

    watch.close();
    watch.close();

    keyWaits.wake("fib:10");
    awaitWoken(waiting);
  }

  @Test
  void wakeAll_whenSeveralKeysAreWatched_wakesThemAll() throws TimeoutException {
    Future<Void> one = keyWaits.on("fib:1").changed(LONG_MS);
    Future<Void> two = keyWaits.on("fib:2").changed(LONG_MS);

    keyWaits.wakeAll();

    awaitWoken(one, two);
    assertNobodyWatches();
  }

  @Test
  void areHearing_whenNothingWasSaid_doesNotHold() {
    assertThat(keyWaits.areHearing()).isFalse();
  }

  @Test
  void hear_whenChangesAreHeardOf_wakesNobody() {
    Future<Void> waiting = keyWaits.on("fib:10").changed(LONG_MS);

    keyWaits.hear(true);

    assertThat(keyWaits.areHearing()).isTrue();
    assertThat(waiting.isComplete()).isFalse();
  }

  @Test
  void hear_whenChangesAreHeardOfNoMore_wakesEverybody() throws TimeoutException {
    keyWaits.hear(true);
    Future<Void> one = keyWaits.on("fib:1").changed(LONG_MS);
    Future<Void> two = keyWaits.on("fib:2").changed(LONG_MS);

    keyWaits.hear(false);

    assertThat(keyWaits.areHearing()).isFalse();
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
            KeyWait watch = keyWaits.on("fib:10");
            keyWaits.wake("fib:10");
            waits.add(watch.changed(LONG_MS));
            watch.close();
            for (int others = 0; others < 50; others++) {
              keyWaits.on("fib:10").close();
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
