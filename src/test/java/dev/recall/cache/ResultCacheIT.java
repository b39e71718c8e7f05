package dev.recall.cache;

import static dev.recall.cache.CacheLoop.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.recall.api.CacheApi.Get;
import dev.recall.api.CacheApi.Result;
import dev.recall.api.CacheApi.Source;
import dev.recall.api.CacheStatus.Level;
import dev.recall.cache.CacheLoop.Computing;
import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import io.vertx.core.Future;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Where a result comes from, step by step. */
class ResultCacheIT extends OnOneLoop {

  /** Another node, whose results may be answered for a minute past their life. */
  private void restartWithStale(int refreshAheadPercent, Duration softTimeout) {
    loop.close();
    loop =
        new CacheLoop(
            new Freshness(
                CacheLoop.TTL, Duration.ofMinutes(1), 0, refreshAheadPercent, softTimeout));
  }

  /** A result in Redis that somebody else has stored, of whose life so much is left. */
  private void store(String text, Duration keyLife) {
    REDIS.run("SET", "made:x", text, "PX", Long.toString(keyLife.toMillis()));
    loop.hear(REDIS);
  }

  private void awaitMisses(int misses) {
    await().until(() -> loop.count("recall.cache.misses") == misses);
  }

  /** The near copy, as soon as it is proved to be as new as what is in Redis. */
  private Result getNear() {
    await().until(() -> loop.parts().near().get("made:x") != null);
    Result result = answer(loop.get("x"));
    assertThat(result.status().level()).isEqualTo(Level.NEAR);
    return result;
  }

  @Test
  void get_whenItIsNowhere_isComputedOnceForAllWhoAsk() throws Exception {
    Future<Result> first = loop.get("x");
    Computing computing = loop.computing();
    Future<Result> second = loop.get("x");
    awaitMisses(2);

    computing.end("made");

    assertThat(answer(first))
        .returns("made", Result::result)
        .returns(Source.COMPUTED, Result::source);
    assertThat(answer(second))
        .returns("made", Result::result)
        .returns(Source.CACHE, Result::source);
    assertThat(loop.count("recall.cache.joined")).isEqualTo(1);
    assertThat(loop.count("recall.cache.computed")).isEqualTo(1);
  }

  @Test
  void get_whenItWasComputed_isRememberedForItsTtl() throws Exception {
    Future<Result> asked = loop.get("x");
    loop.computing().end("made");

    assertThat(answer(asked).status())
        .returns(true, facts -> facts.stored())
        .returns(CacheLoop.TTL.toMillis(), facts -> facts.ttlMs());
    assertThat(REDIS.run("GET", "made:x")).isEqualTo("made");
    assertThat(REDIS.number("PTTL", "made:x")).isBetween(50_000L, 60_000L);
    assertThat(REDIS.number("EXISTS", "lease:{made:x}")).isZero();
  }

  @Test
  void get_whenTheComputationFails_failsAndTheNextComputesAnew() throws Exception {
    Future<Result> failing = loop.get("x");
    loop.computing().fail();
    assertThatThrownBy(() -> answer(failing)).isInstanceOf(FailureException.class);

    Future<Result> next = loop.get("x");
    loop.computing().end("made");

    assertThat(answer(next).result()).isEqualTo("made");
  }

  @Test
  void get_whenItIsInRedis_isAnsweredFromThereAndKeptNear() {
    store("there", Duration.ofSeconds(30));

    Result result = answer(loop.get("x"));

    assertThat(result.result()).isEqualTo("there");
    assertThat(result.status())
        .returns(Level.REDIS, facts -> facts.level())
        .returns(true, facts -> facts.stored());
    assertThat(result.status().ttlMs()).isBetween(20_000L, 30_000L);
    assertThat(getNear().result()).isEqualTo("there");
    assertThat(loop.begun()).isZero();
  }

  @Test
  void get_whenItIsNear_isAsOldAsTheClockSays() {
    store("there", Duration.ofSeconds(30));
    answer(loop.get("x"));
    long ttlMs = getNear().status().ttlMs();

    loop.pass(Duration.ofSeconds(10));

    assertThat(getNear().status())
        .returns(ttlMs - 10_000, facts -> facts.ttlMs())
        .returns(CacheLoop.TTL.toMillis() - ttlMs + 10_000, facts -> facts.ageMs());
  }

  @Test
  void get_whenWhatIsThereIsNoResult_isComputedAndReplacesIt() throws Exception {
    store(CacheLoop.NO_RESULT, Duration.ofSeconds(30));
    Future<Result> asked = loop.get("x");

    loop.computing().end("made");

    assertThat(answer(asked).result()).isEqualTo("made");
    assertThat(REDIS.run("GET", "made:x")).isEqualTo("made");
  }

  @Test
  void get_whenTheResultIsLarge_isAnsweredWhole() {
    String text = "9".repeat(100_000);
    store(text, Duration.ofSeconds(30));

    assertThat(answer(loop.get("x")).result()).isEqualTo(text);
  }

  @Test
  void get_whenTheResultIsTooLong_saysSo() {
    REDIS.run("SETRANGE", "made:x", "20000000", "9");

    assertThatThrownBy(() -> answer(loop.get("x")))
        .satisfies(
            thrown ->
                assertThat(FailureException.isOneOf(thrown, Failure.RESULT_TOO_LARGE)).isTrue());
  }

  @Test
  void get_whenThereIsNoSuchComputation_saysSo() {
    assertThatThrownBy(() -> answer(loop.ask(engine -> engine.cache().get(new Get("other", "x")))))
        .hasMessage("there is no computation other");
  }

  @Test
  void get_whenRedisIsAway_isComputedAndNotRemembered() throws Exception {
    loop.leaveRedis();
    Future<Result> asked = loop.get("x");

    loop.computing().end("made");

    assertThat(answer(asked).status())
        .returns(Level.COMPUTED, facts -> facts.level())
        .returns(false, facts -> facts.stored())
        .returns(true, facts -> facts.degraded());
    assertThat(REDIS.number("EXISTS", "made:x")).isZero();
  }

  @Test
  void get_whenSomebodyElseWritesWhileItIsComputed_isWhatHasBeenWritten() throws Exception {
    Future<Result> before = loop.get("x");
    Computing computing = loop.computing();
    store("newer", Duration.ofSeconds(30));

    assertThat(answer(loop.get("x")).result()).isEqualTo("newer");
    computing.end("older");

    assertThat(answer(before))
        .returns("older", Result::result)
        .returns(false, result -> result.status().stored());
    assertThat(REDIS.run("GET", "made:x")).isEqualTo("newer");
    assertThat(answer(loop.get("x")).result()).isEqualTo("newer");
  }

  @Test
  void get_whenItIsStaleAndComputedInTime_isTheFreshOne() throws Exception {
    restartWithStale(0, CacheLoop.DEADLINE);
    store("old", Duration.ofSeconds(50));
    Future<Result> asked = loop.get("x");

    loop.computing().end("made");

    assertThat(answer(asked)).returns("made", Result::result);
    assertThat(REDIS.run("GET", "made:x")).isEqualTo("made");
  }

  @Test
  void get_whenItIsStaleAndTheComputationFails_isTheStaleOne() throws Exception {
    restartWithStale(0, CacheLoop.DEADLINE);
    store("old", Duration.ofSeconds(50));
    Future<Result> asked = loop.get("x");

    loop.computing().fail();

    assertThat(answer(asked).result()).isEqualTo("old");
    assertThat(answer(asked).status().level()).isEqualTo(Level.STALE);
    assertThat(answer(asked).status().ttlMs()).isBetween(-20_000L, -10_000L);
  }

  @Test
  void get_whenTheComputationHasJustFailed_isTheStaleOneForASecondWithoutAnother()
      throws Exception {
    restartWithStale(0, CacheLoop.DEADLINE);
    store("old", Duration.ofSeconds(50));
    Future<Result> failing = loop.get("x");
    loop.computing().fail();
    answer(failing);

    assertThat(answer(loop.get("x")).status().level()).isEqualTo(Level.STALE);
    assertThat(loop.begun()).isZero();

    loop.pass(Duration.ofMillis(1_001));
    Future<Result> again = loop.get("x");
    loop.computing().end("made");
    assertThat(answer(again).result()).isEqualTo("made");
  }

  @Test
  void get_whenItIsStaleAndTheComputationIsSlow_isTheStaleOneAndTheOtherIsRemembered()
      throws Exception {
    restartWithStale(0, Duration.ofMillis(50));
    store("old", Duration.ofSeconds(50));

    assertThat(answer(loop.get("x")).status().level()).isEqualTo(Level.STALE);
    loop.computing().end("made");

    await().until(() -> REDIS.run("GET", "made:x").equals("made"));
  }

  @Test
  void get_whenARefreshIsDue_isAnsweredAtOnceAndComputedOnceBehindIt() throws Exception {
    restartWithStale(50, CacheLoop.DEADLINE);
    store("old", Duration.ofSeconds(80)); // 20 s of its 60 are left

    assertThat(answer(loop.get("x")).result()).isEqualTo("old");
    Computing refresh = loop.computing();
    assertThat(answer(loop.get("x")).result()).isEqualTo("old");
    refresh.end("made");

    await().until(() -> answer(loop.get("x")).result().equals("made"));
    assertThat(loop.count("recall.cache.refreshed")).isEqualTo(1);
  }

  @Test
  void get_whenARefreshHasFailed_isAnsweredWithoutAnotherAtOnce() throws Exception {
    restartWithStale(50, CacheLoop.DEADLINE);
    store("old", Duration.ofSeconds(80));
    answer(loop.get("x"));
    loop.computing().fail();
    await().until(() -> REDIS.number("EXISTS", "lease:{made:x}") == 0);

    assertThat(answer(loop.get("x")).result()).isEqualTo("old");

    assertThat(loop.count("recall.cache.refreshed")).isEqualTo(1);
  }
}
