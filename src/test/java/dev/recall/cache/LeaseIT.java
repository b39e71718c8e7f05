package dev.recall.cache;

import static dev.recall.cache.CacheLoop.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recall.api.CacheApi.Result;
import dev.recall.redis.ResultStore.Found;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** One lease that is held, in a Redis that others change. */
class LeaseIT extends OnOneLoop {

  private static final String KEY = "made:x";
  private static final String LEASE = "lease:{made:x}";
  private static final Duration KEPT = Duration.ofMinutes(1);

  /** A lease, and what was at its key when it was taken. */
  private record Taken(Lease lease, Optional<Found> seen) {}

  private Taken take() {
    return answer(
        loop.ask(
            engine ->
                engine
                    .claims()
                    .claim(
                        KEY,
                        claimed -> {
                          assertThat(claimed.claim().won()).isTrue();
                          return Future.succeededFuture(
                              new Taken(claimed.lease(), claimed.claim().found()));
                        },
                        () -> Future.failedFuture("Redis is away"))));
  }

  private boolean store(Taken taken) {
    return answer(loop.ask(engine -> taken.lease.store("made", KEPT, taken.seen)));
  }

  private void release(Taken taken) {
    answer(
        loop.ask(
            engine -> {
              taken.lease.release();
              return Future.succeededFuture(true);
            }));
  }

  /** A flight of the key that does not land. */
  private void fly() {
    answer(
        loop.ask(
            engine -> {
              loop.parts()
                  .flights()
                  .fly(KEY, () -> Promise.<Result>promise().future(), () -> x -> x);
              return Future.succeededFuture(true);
            }));
  }

  private void awaitForgotten() {
    await().until(() -> loop.parts().flights().size() == 0);
  }

  private static void awaitReleased() {
    await().until(() -> REDIS.number("EXISTS", LEASE) == 0);
  }

  @Test
  void lease_whileItIsHeld_isRenewed() {
    loop.close();
    loop = new CacheLoop(Duration.ofSeconds(3));
    take();
    AtomicLong least = new AtomicLong(Long.MAX_VALUE);

    await()
        .until(
            () -> {
              long left = REDIS.number("PTTL", LEASE);
              return left > least.getAndAccumulate(left, Math::min);
            });
  }

  @Test
  void lease_whenItIsRemoved_forgetsTheFlight() {
    take();
    fly();

    REDIS.run("DEL", LEASE);

    awaitForgotten();
  }

  @Test
  void lease_whenSomebodyElseHasItByNow_forgetsTheFlight() {
    take();
    fly();

    REDIS.run("SET", LEASE, "of-another-node");

    awaitForgotten();
  }

  @Test
  void lease_whenItIsLost_isNotTakenBack() {
    take();
    fly();
    REDIS.run("SET", LEASE, "of-another-node", "PX", "60000");

    awaitForgotten();

    assertThat(REDIS.run("GET", LEASE)).isEqualTo("of-another-node");
    assertThat(REDIS.number("PTTL", LEASE)).isGreaterThan(30_000);
  }

  @Test
  void release_whenItIsHeld_endsIt() {
    Taken taken = take();

    release(taken);

    awaitReleased();
  }

  @Test
  void release_whenItIsLost_leavesThatOfTheOther() {
    Taken taken = take();
    REDIS.run("SET", LEASE, "of-another-node");

    release(taken);
    store(taken); // an answer to what was sent after it

    assertThat(REDIS.run("GET", LEASE)).isEqualTo("of-another-node");
  }

  @Test
  void store_whenItIsHeld_storesTheResultForItsLifeAndEndsIt() {
    assertThat(store(take())).isTrue();

    assertThat(REDIS.run("GET", KEY)).isEqualTo("made");
    assertThat(REDIS.number("PTTL", KEY)).isBetween(30_000L, 60_000L);
    assertThat(REDIS.number("EXISTS", LEASE)).isZero();
  }

  @Test
  void store_whenWhatWasSeenIsStillThere_replacesIt() {
    REDIS.run("SET", KEY, "old", "PX", "60000");

    assertThat(store(take())).isTrue();

    assertThat(REDIS.run("GET", KEY)).isEqualTo("made");
  }

  @Test
  void store_whenItIsLost_storesNothing() {
    Taken taken = take();
    REDIS.run("DEL", LEASE);

    assertThat(store(taken)).isFalse();

    assertThat(REDIS.number("EXISTS", KEY)).isZero();
  }

  @Test
  void store_whenSomebodyElseHasWritten_leavesThat() {
    Taken taken = take();
    REDIS.run("SET", KEY, "newer");

    assertThat(store(taken)).isFalse();

    assertThat(REDIS.run("GET", KEY)).isEqualTo("newer");
  }

  @Test
  void store_whenSomebodyElseHasRemovedWhatWasSeen_storesNothing() {
    REDIS.run("SET", KEY, "old", "PX", "60000");
    Taken taken = take();
    REDIS.run("DEL", KEY);

    assertThat(store(taken)).isFalse();

    assertThat(REDIS.number("EXISTS", KEY)).isZero();
  }

  @Test
  void store_whenWhatWasSeenHasExpiredMeanwhile_storesTheResult() {
    REDIS.run("SET", KEY, "old", "PX", "60000");
    Taken taken = take();
    REDIS.run("DEL", KEY);
    loop.pass(Duration.ofMinutes(1));

    assertThat(store(taken)).isTrue();

    assertThat(REDIS.run("GET", KEY)).isEqualTo("made");
  }

  @Test
  void store_whenRedisIsAway_storesNothingAndDoesNotFail() {
    Taken taken = take();
    loop.leaveRedis();

    assertThat(store(taken)).isFalse();
  }
}
