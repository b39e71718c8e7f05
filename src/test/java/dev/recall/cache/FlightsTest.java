package dev.recall.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class FlightsTest {

  private static final int THREADS = 32;

  private final Flights<String> flights = new Flights<>();
  private final Promise<String> landing = Promise.promise();
  private final AtomicInteger loads = new AtomicInteger();

  private Future<String> fly(String key) {
    return flights.fly(
        key,
        () -> {
          loads.incrementAndGet();
          return landing.future();
        },
        () -> value -> "joined " + value);
  }

  @Test
  void fly_whenOneIsInFlight_joinsItsLoad() {
    Future<String> leader = fly("key");
    Future<String> follower = fly("key");
    assertThat(loads).hasValue(1);
    assertThat(flights.size()).isEqualTo(1);

    landing.complete("value");

    assertThat(leader.await()).isEqualTo("value");
    assertThat(follower.await()).isEqualTo("joined value");
    assertThat(loads).hasValue(1);
    assertThat(flights.size()).isZero();
  }

  @Test
  void fly_whenTheKeysDiffer_doesNotWait() {
    Future<String> waiting = fly("key");

    Future<String> other =
        flights.fly(
            "other", () -> Future.succeededFuture("other"), () -> value -> "joined " + value);

    assertThat(other.await()).isEqualTo("other");
    assertThat(waiting.isComplete()).isFalse();
  }

  @Test
  void fly_whenTheLoadFails_failsEveryoneAndLoadsAnewForTheNext() {
    RuntimeException failure = new IllegalStateException("lost");
    Future<String> leader = fly("key");
    Future<String> follower = fly("key");

    landing.fail(failure);

    assertThatThrownBy(leader::await).isSameAs(failure);
    assertThatThrownBy(follower::await).isSameAs(failure);
    assertLoadsAnew();
  }

  @Test
  void fly_whenTheLoadThrows_failsWithThatAndLoadsAnewForTheNext() {
    RuntimeException thrown = new IllegalStateException("cannot begin");

    Future<String> leader =
        flights.fly(
            "key",
            () -> {
              throw thrown;
            },
            () -> value -> "joined " + value);

    assertThatThrownBy(leader::await).isSameAs(thrown);
    assertLoadsAnew();
  }

  @Test
  void fly_whenTheFlightHasLanded_loadsAnewForTheNext() {
    fly("key");

    landing.complete("value");

    assertLoadsAnew();
  }

  @Test
  void fly_whenAskedAgainByWhoeverIsTold_loadsAnew() {
    Future<Future<String>> again =
        fly("key")
            .map(told -> flights.fly("key", () -> Future.succeededFuture("new"), () -> x -> x));

    landing.complete("value");

    assertThat(again.await().await()).isEqualTo("new");
  }

  @Test
  void fly_whenManyThreadsAskAtOnce_hasExactlyOneLeader() throws Exception {
    CyclicBarrier start = new CyclicBarrier(THREADS);
    Queue<Future<String>> flown = new ConcurrentLinkedQueue<>();
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    Callable<Boolean> asking =
        () -> {
          start.await();
          return flown.add(fly("key"));
        };
    threads.invokeAll(Collections.nCopies(THREADS, asking));
    threads.shutdown();

    landing.complete("value");

    List<String> results = new ArrayList<>();
    flown.forEach(future -> results.add(future.await()));
    assertThat(loads).hasValue(1);
    assertThat(results)
        .hasSize(THREADS)
        .containsOnlyOnce("value")
        .containsOnly("value", "joined value");
  }

  @Test
  void forget_whenOneIsInFlight_letsTheNextLeadAnother() {
    Future<String> forgotten = fly("key");

    flights.forget("key");

    assertLoadsAnew();
    assertThat(forgotten.isComplete()).isFalse();
  }

  @Test
  void forget_whenSomebodyHasJoined_answersThemAllTheSame() {
    Future<String> leader = fly("key");
    Future<String> follower = fly("key");

    flights.forget("key");
    landing.complete("value");

    assertThat(leader.await()).isEqualTo("value");
    assertThat(follower.await()).isEqualTo("joined value");
  }

  @Test
  void forget_whenTheForgottenOneLands_leavesTheLaterOneToBeJoined() {
    Future<String> forgotten = fly("key");
    flights.forget("key");
    Promise<String> laterLanding = Promise.promise();
    Future<String> later =
        flights.fly("key", laterLanding::future, () -> value -> "joined " + value);

    landing.complete("old");
    assertThat(forgotten.await()).isEqualTo("old");
    Future<String> follower = fly("key");
    laterLanding.complete("new");

    assertThat(later.await()).isEqualTo("new");
    assertThat(follower.await()).isEqualTo("joined new");
    assertThat(loads).hasValue(1);
    assertThat(flights.size()).isZero();
  }

  @Test
  void forget_whenTheKeyIsAnother_letsTheNextJoin() {
    fly("key");

    flights.forget("other");

    Future<String> follower = fly("key");
    landing.complete("value");
    assertThat(follower.await()).isEqualTo("joined value");
  }

  @Test
  void forgetAll_whenSeveralAreInFlight_letsTheNextOfEachLeadAnother() {
    fly("key");
    fly("other");

    flights.forgetAll();

    assertThat(flights.size()).isZero();
    fly("key");
    fly("other");
    assertThat(loads).hasValue(4);
  }

  @Test
  void fly_whenItJoinsTheFlightOfAnotherContext_isToldOnItsOwn() {
    Vertx vertx = Vertx.vertx();
    Context leaders = ((VertxInternal) vertx).createEventLoopContext();
    Context own = ((VertxInternal) vertx).createEventLoopContext();
    Promise<Context> toldOn = Promise.promise();

    leaders.runOnContext(
        leading -> {
          fly("key");
          own.runOnContext(
              joining -> {
                fly("key").onSuccess(told -> toldOn.complete(Vertx.currentContext()));
                leaders.runOnContext(landed -> landing.complete("value"));
              });
        });

    assertThat(toldOn.future().await()).isSameAs(own).isNotSameAs(leaders);
    vertx.close().await();
  }

  private void assertLoadsAnew() {
    assertThat(flights.size()).isZero();
    assertThat(
            flights
                .fly("key", () -> Future.succeededFuture("new"), () -> x -> "joined " + x)
                .await())
        .isEqualTo("new");
  }
}
