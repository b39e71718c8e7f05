package dev.recall.cache;

import static dev.recall.cache.CacheLoop.BY_CALLERS;
import static dev.recall.cache.CacheLoop.COMPUTATION;
import static dev.recall.cache.CacheLoop.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.recall.api.CacheApi.Get;
import dev.recall.api.CacheApi.Result;
import dev.recall.api.CacheStatus.Level;
import dev.recall.api.InvalidationApi.Delete;
import dev.recall.api.LeaseApi.Found;
import dev.recall.api.LeaseApi.Granted;
import dev.recall.api.LeaseApi.Put;
import dev.recall.api.LeaseApi.Reason;
import dev.recall.api.LeaseApi.Release;
import dev.recall.api.LeaseApi.Renew;
import dev.recall.api.LeaseApi.Stored;
import dev.recall.api.LeaseApi.Take;
import dev.recall.api.LeaseApi.Taken;
import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Callers of two nodes that make the same results, step by step. */
class CallerLeasesIT extends OnTwoLoops {

  private static final String KEY = "called:x";
  private static final String LEASE = "lease:{called:x}";
  private static final Duration LIFE = Duration.ofSeconds(10);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static Future<Taken> take(CacheLoop loop, Duration wait) {
    return take(loop, new Take(BY_CALLERS, "x", LIFE, wait));
  }

  private static Future<Taken> take(CacheLoop loop, Take take) {
    return loop.ask(engine -> engine.callers().take(take));
  }

  private static String lease(CacheLoop loop) {
    return ((Granted) answer(take(loop, Duration.ZERO))).token();
  }

  private static Future<Stored> put(CacheLoop loop, String result, String token) {
    Put put = new Put(BY_CALLERS, "x", result, Optional.of(token));
    return loop.ask(engine -> engine.callers().put(put));
  }

  private static Future<Stored> put(CacheLoop loop, String result) {
    Put put = new Put(BY_CALLERS, "x", result, Optional.empty());
    return loop.ask(engine -> engine.callers().put(put));
  }

  private static Future<?> release(CacheLoop loop, String token, Reason reason, Duration pause) {
    Release release = new Release(BY_CALLERS, "x", token, reason, "why", pause);
    return loop.ask(engine -> engine.callers().release(release));
  }

  private static Future<Result> get(CacheLoop loop) {
    return loop.ask(engine -> engine.cache().get(new Get(BY_CALLERS, "x")));
  }

  /** Somebody who waits for the result, and has found that another makes it. */
  private static Future<Taken> waiting(CacheLoop loop) {
    REDIS.run("CONFIG", "RESETSTAT");
    Future<Taken> waiting = take(loop, PATIENCE);
    await().until(() -> REDIS.run("INFO", "commandstats").contains("cmdstat_set:calls=1,"));
    return waiting;
  }

  private static void assertFailed(Future<?> asked, Failure failure) {
    assertThatThrownBy(() -> answer(asked))
        .satisfies(thrown -> assertThat(FailureException.isOneOf(thrown, failure)).isTrue());
  }

  private static String result(Future<Taken> taken) {
    return ((Found) answer(taken)).result().result();
  }

  @Test
  void take_whenNobodyMakesIt_grantsTheLease() {
    assertThat(answer(take(first, Duration.ZERO)))
        .isInstanceOfSatisfying(
            Granted.class,
            lease -> {
              assertThat(lease.token()).isNotEmpty();
              assertThat(lease.expiresInMs()).isEqualTo(LIFE.toMillis());
            });
  }

  @Test
  void take_whenSomebodyMakesIt_isHeld() {
    lease(first);

    assertFailed(take(second, Duration.ZERO), Failure.LEASE_HELD);
  }

  @Test
  void take_whenSomebodyMakesItAndPutsIt_isToldOfTheResult() {
    String token = lease(first);
    Future<Taken> waiting = waiting(second);

    answer(put(first, "made", token));

    assertThat(result(waiting)).isEqualTo("made");
  }

  @Test
  void take_whenTheResultWasTakenBefore_isNear() {
    answer(put(first, "made"));
    first.hear(REDIS);
    answer(take(first, Duration.ZERO));

    assertThat(answer(take(first, Duration.ZERO)))
        .isInstanceOfSatisfying(
            Found.class,
            found -> assertThat(found.result().status().level()).isEqualTo(Level.NEAR));
  }

  @Test
  void take_whenTheNearOneWasReplacedByAnotherNode_tellsTheNewOne() {
    answer(put(second, "old"));
    first.hear(REDIS);
    answer(take(first, Duration.ZERO));

    answer(put(second, "new"));
    first.hear(REDIS);

    assertThat(result(take(first, Duration.ZERO))).isEqualTo("new");
  }

  @Test
  void take_whenTheMakerIsGone_grantsTheLeaseToWhoeverWaits() {
    answer(take(first, new Take(BY_CALLERS, "x", Duration.ofMillis(200), Duration.ZERO)));

    assertThat(answer(take(second, PATIENCE))).isInstanceOf(Granted.class);
  }

  @Test
  void take_whenTheMakerGivesItBack_grantsTheLeaseToWhoeverWaits() {
    String token = lease(first);
    Future<Taken> waiting = waiting(second);

    answer(release(first, token, Reason.FAILED, Duration.ZERO));

    assertThat(answer(waiting)).isInstanceOf(Granted.class);
  }

  @Test
  void take_whenWhoeverWaitsIsGone_leavesTheLeaseToOthers() {
    String token = lease(first);
    Promise<Void> gone = Promise.promise();
    REDIS.run("CONFIG", "RESETSTAT");
    Future<Taken> waiting =
        take(second, new Take(BY_CALLERS, "x", LIFE, PATIENCE).until(gone.future()));
    await().until(() -> REDIS.run("INFO", "commandstats").contains("cmdstat_set:calls=1,"));

    gone.complete();

    assertFailed(waiting, Failure.LEASE_HELD);
    answer(release(first, token, Reason.FAILED, Duration.ZERO));
    second.hear(REDIS);
    await().until(() -> REDIS.run("EXISTS", LEASE).equals("0"));
  }

  @Test
  void take_whenThereIsAFreshResult_isThat() {
    answer(put(first, "made"));

    assertThat(result(take(second, Duration.ZERO))).isEqualTo("made");
    await().until(() -> REDIS.run("EXISTS", LEASE).equals("0"));
  }

  @Test
  void take_whenThereAreOtherComputations_isRefusedForThose() {
    assertFailed(
        take(first, new Take(COMPUTATION, "x", LIFE, Duration.ZERO)), Failure.NOT_BY_CALLERS);
    assertFailed(
        take(first, new Take("nobody", "x", LIFE, Duration.ZERO)), Failure.NO_SUCH_COMPUTATION);
  }

  @Test
  void take_whenThreeMakersHaveNotComeToAnEnd_isPoisonForAll() {
    for (int i = 0; i < 3; i++) {
      answer(take(first, new Take(BY_CALLERS, "x", Duration.ofMillis(100), PATIENCE)));
    }

    assertFailed(take(first, PATIENCE), Failure.POISONED);
    assertFailed(take(second, PATIENCE), Failure.POISONED);
  }

  @Test
  void take_whenMakersHaveEndedWithoutAResult_isNoPoison() {
    for (int i = 0; i < 4; i++) {
      answer(release(first, lease(first), Reason.FAILED, Duration.ZERO));
    }

    assertThat(answer(take(first, Duration.ZERO))).isInstanceOf(Granted.class);
  }

  @Test
  void get_whenNobodyHasMadeIt_isNoSuchResult() {
    assertFailed(get(first), Failure.NO_SUCH_RESULT);
  }

  @Test
  void get_whenSomebodyMakesIt_doesNotWait() {
    lease(first);

    assertFailed(get(second), Failure.NO_SUCH_RESULT);
  }

  @Test
  void get_whenItWasPut_isTheResult() {
    answer(put(first, "made"));

    assertThat(answer(get(second)).result()).isEqualTo("made");
  }

  @Test
  void put_withAnotherToken_changesNothing() {
    lease(first);

    assertFailed(put(first, "made", "another.-"), Failure.LEASE_LOST);
    assertThat(REDIS.run("EXISTS", KEY)).isEqualTo("0");
    assertThat(REDIS.run("EXISTS", LEASE)).isEqualTo("1");
  }

  @Test
  void put_whenTheLeaseIsOver_changesNothing() {
    String token = lease(first);
    REDIS.run("DEL", LEASE);

    assertFailed(put(first, "made", token), Failure.LEASE_LOST);
    assertThat(REDIS.run("EXISTS", KEY)).isEqualTo("0");
  }

  @Test
  void put_afterSomebodyElseHasWritten_leavesThat() {
    String token = lease(first);
    REDIS.run("SET", KEY, "of another program");

    assertFailed(put(first, "made", token), Failure.LEASE_LOST);
    assertThat(REDIS.run("GET", KEY)).isEqualTo("of another program");
  }

  @Test
  void put_afterADelete_isNotStored() {
    String token = lease(first);
    answer(second.ask(engine -> engine.invalidation().delete(new Delete(BY_CALLERS, "x"))));

    assertFailed(put(first, "made", token), Failure.LEASE_LOST);
  }

  @Test
  void put_withoutALease_winsOverWhoeverMakesIt() {
    String token = lease(first);
    Future<Taken> waiting = waiting(second);

    answer(put(second, "written"));

    assertThat(result(waiting)).isEqualTo("written");
    assertFailed(put(first, "made", token), Failure.LEASE_LOST);
    assertThat(REDIS.run("GET", KEY)).isEqualTo("written");
  }

  @Test
  void put_whenThereIsANearCopy_isAnsweredFromThenOn() {
    answer(put(first, "old"));
    answer(get(first));
    await().until(() -> answer(get(first)).status().level() == Level.NEAR);

    answer(put(first, "new"));

    assertThat(answer(get(first)).result()).isEqualTo("new");
  }

  @Test
  void renew_withTheToken_letsTheLeaseLiveOn() {
    String token = lease(first);
    Renew renew = new Renew(BY_CALLERS, "x", token, Duration.ofMinutes(1));

    assertThat(answer(second.ask(engine -> engine.callers().renew(renew))).token())
        .isEqualTo(token);
    assertThat(Long.parseLong(REDIS.run("PTTL", LEASE))).isGreaterThan(LIFE.toMillis());
  }

  @Test
  void renew_withAnotherToken_isLost() {
    lease(first);
    Renew renew = new Renew(BY_CALLERS, "x", "another.-", LIFE);

    assertFailed(first.ask(engine -> engine.callers().renew(renew)), Failure.LEASE_LOST);
  }

  @ParameterizedTest
  @EnumSource(
      value = Reason.class,
      names = {"NOT_FOUND", "TRY_LATER"})
  void release_withAReason_isWhatOthersAreToldWhileItLasts(Reason reason) {
    Failure failure = reason == Reason.NOT_FOUND ? Failure.NO_SUCH_RESULT : Failure.TRY_LATER;
    String token = lease(first);
    Future<Taken> waiting = waiting(second);

    answer(release(first, token, reason, Duration.ofSeconds(20)));

    assertFailed(waiting, failure);
    assertFailed(take(first, Duration.ZERO), failure);
    REDIS.run("DEL", LEASE + ":refusal"); // as its end does
    assertThat(answer(take(first, Duration.ZERO))).isInstanceOf(Granted.class);
  }

  @Test
  void release_withAnotherToken_changesNothing() {
    lease(first);

    assertFailed(release(first, "another.-", Reason.FAILED, Duration.ZERO), Failure.LEASE_LOST);
    assertThat(REDIS.run("EXISTS", LEASE)).isEqualTo("1");
  }

  @Test
  void take_withoutRedis_grantsALeaseOfTheNodeAndTellsWhoeverWaits() {
    first.leaveRedis();
    String token = lease(first);
    Future<Taken> waiting = take(first, PATIENCE);

    assertFailed(put(first, "made", token), Failure.REDIS_UNAVAILABLE);

    assertThat(result(waiting)).isEqualTo("made");
    assertThat(answer(take(first, Duration.ZERO))).isInstanceOf(Granted.class);
  }

  @Test
  void take_withoutRedisWhenTheMakerGivesItBack_grantsTheLeaseToWhoeverWaits() {
    first.leaveRedis();
    String token = lease(first);
    Future<Taken> waiting = take(first, PATIENCE);

    answer(release(first, token, Reason.FAILED, Duration.ZERO));

    assertThat(answer(waiting)).isInstanceOf(Granted.class);
  }

  @Test
  void take_withoutRedisWhenTheMakerHasNone_isThat() {
    first.leaveRedis();
    String token = lease(first);
    Future<Taken> waiting = take(first, PATIENCE);

    answer(release(first, token, Reason.NOT_FOUND, Duration.ZERO));

    assertFailed(waiting, Failure.NO_SUCH_RESULT);
  }

  @Test
  void take_withoutRedisWhenTheMakerIsGone_grantsTheLeaseToWhoeverWaits() {
    first.leaveRedis();
    Duration life = Duration.ofMillis(100);
    answer(take(first, new Take(BY_CALLERS, "x", life, Duration.ZERO)));
    Future<Taken> waiting = take(first, PATIENCE);

    first.pass(life);

    assertThat(answer(waiting)).isInstanceOf(Granted.class);
  }

  @Test
  void take_withoutRedisWhenItIsMadeForLonger_isHeld() {
    first.leaveRedis();
    lease(first);

    assertFailed(take(first, Duration.ZERO), Failure.LEASE_HELD);
  }

  @Test
  void put_withoutRedisAndWithAnotherToken_isLost() {
    first.leaveRedis();
    lease(first);

    assertFailed(put(first, "made", "node-another"), Failure.LEASE_LOST);
  }
}
