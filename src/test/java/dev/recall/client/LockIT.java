package dev.recall.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recall.failure.Failure;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Locks, both ways. */
@ParameterizedClass
@EnumSource(Way.class)
class LockIT extends OnNode {

  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofSeconds(3);
  private static final Duration NOT = Duration.ZERO;

  LockIT(Way way) {
    super(way);
  }

  @Test
  void lock_whenSomebodyHasIt_isRefusedUntilItIsReleased() {
    HeldLock held = got(client.lock("l", LONG, NOT));

    assertFails(another(ClientOptions.DEFAULT).lock("l", LONG, NOT), Failure.LOCK_HELD);
    got(held.release());

    HeldLock next = got(another(ClientOptions.DEFAULT).lock("l", LONG, NOT));
    assertThat(next.fence()).isEqualTo(held.fence() + 1);
    assertThat(next.name()).isEqualTo("l");
  }

  @Test
  void lock_whenItWaits_getsItOnceItIsReleased() {
    HeldLock held = got(client.lock("l", LONG, NOT));
    Future<HeldLock> waiting =
        another(ClientOptions.DEFAULT).lock("l", LONG, Duration.ofSeconds(Long.MAX_VALUE));

    got(held.release());

    assertThat(got(waiting).fence()).isGreaterThan(held.fence());
  }

  @Test
  void lock_whenItsWaitWasLongerThanItsLife_isHeldAndKept() {
    HeldLock held = got(client.lock("l", LONG, NOT));
    Future<HeldLock> waiting = client.lock("l", SHORT, LONG);
    await().until(() -> node.meter("recall_lock_waiting") == 1);
    long before = left("l");
    await().until(() -> left("l") < before - SHORT.toMillis() - 200);

    got(held.release());

    HeldLock got = got(waiting);
    assertThat(got.isLost()).isFalse();
    got(got.release());
  }

  @Test
  void lock_whileItIsHeld_isRenewedPastItsLife() {
    HeldLock held = got(client.lock("l", SHORT, NOT));

    // It is seen to be renewed more often than it could live.
    for (int renewal = 0; renewal < 4; renewal++) {
      await().pollInterval(Duration.ofMillis(10)).until(() -> left("l") < SHORT.toMillis() - 600);
      await().pollInterval(Duration.ofMillis(10)).until(() -> left("l") > SHORT.toMillis() - 600);
    }

    assertThat(held.isLost()).isFalse();
    assertThat(held.lost().isComplete()).isFalse();
    got(held.release());
  }

  @Test
  void lock_whenItWasTakenAway_tellsItsHolder() {
    HeldLock held = got(client.lock("l", SHORT, NOT));

    redis.run("DEL", "lock:l");

    got(held.lost());
    assertThat(held.isLost()).isTrue();
    assertFails(held.release(), Failure.LOCK_LOST);
  }

  @Test
  void release_whenSomebodyElseHasIt_isRefusedAndHarmsHimNot() {
    HeldLock old = got(client.lock("l", LONG, NOT));
    redis.run("DEL", "lock:l");
    HeldLock current = got(client.lock("l", LONG, NOT));

    assertFails(old.release(), Failure.LOCK_LOST);

    assertThat(left("l")).isPositive();
    got(current.release());
  }

  @Test
  void lock_ofAnImpossibleLife_isInvalid() {
    assertFails(client.lock("l", Duration.ofDays(2), NOT), Failure.INVALID);
    assertFails(client.lock("l", Duration.ofMillis(-1), NOT), Failure.INVALID);
    assertFails(client.lock("l", Duration.ofSeconds(Long.MAX_VALUE), NOT), Failure.INVALID);
    assertFails(client.lock("l", LONG, Duration.ofDays(-1)), Failure.INVALID);
  }

  @Test
  void withLock_isWorkedOneByOne() {
    AtomicInteger working = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    List<Future<Long>> all = new ArrayList<>();
    IntStream.range(0, 8)
        .forEach(
            i ->
                all.add(
                    another(ClientOptions.DEFAULT)
                        .withLock(
                            "l",
                            LONG,
                            LONG,
                            held -> {
                              most.accumulateAndGet(working.incrementAndGet(), Math::max);
                              return client
                                  .counters()
                                  .add("n")
                                  .onComplete(done -> working.decrementAndGet())
                                  .map(sum -> held.fence());
                            })));

    List<Long> fences = new ArrayList<>();
    all.forEach(each -> fences.add(got(each)));

    assertThat(most).hasValue(1);
    assertThat(fences).doesNotHaveDuplicates();
    assertThat(got(client.counters().get("n"))).isEqualTo(8);
    assertThat(redis.run("EXISTS", "lock:l")).isEqualTo("0");
  }

  @Test
  void withLock_whenTheWorkFails_releasesItAndFailsLikeIt() {
    IllegalStateException broken = new IllegalStateException("broken");

    Future<Object> failed = client.withLock("l", LONG, NOT, held -> Future.failedFuture(broken));
    Future<Object> thrown =
        failed.recover(
            why ->
                client.withLock(
                    "l",
                    LONG,
                    NOT,
                    held -> {
                      throw broken;
                    }));

    await().until(thrown::isComplete);
    assertThat(failed.cause()).isSameAs(broken);
    assertThat(thrown.cause()).isSameAs(broken);
    assertThat(redis.run("EXISTS", "lock:l")).isEqualTo("0");
  }

  @Test
  void withLock_whenTheLockWasLost_failsThoughTheWorkWasDone() {
    Promise<String> work = Promise.promise();
    Future<String> worked =
        client.withLock(
            "l",
            SHORT,
            NOT,
            held -> {
              held.lost().onSuccess(lost -> work.complete("done"));
              return work.future();
            });
    await().until(() -> redis.number("EXISTS", "lock:l") == 1);

    redis.run("DEL", "lock:l");

    assertFails(worked, Failure.LOCK_LOST);
  }

  @Test
  void close_givesLocksBackAndTellsTheirHolders() {
    HeldLock held = got(client.lock("l", LONG, NOT));

    got(client.close());

    got(held.lost());
    assertThat(redis.run("EXISTS", "lock:l")).isEqualTo("0");
  }

  private long left(String name) {
    return redis.number("PTTL", "lock:" + name);
  }
}
