package dev.recall.cache;

import static dev.recall.cache.CacheLoop.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.recall.api.CacheApi.Result;
import dev.recall.api.CacheApi.Source;
import dev.recall.api.CacheStatus.Level;
import dev.recall.cache.CacheLoop.Computing;
import dev.recall.cache.Policy.Question;
import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import io.vertx.core.Future;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two nodes that load the same result, step by step. */
class LeasesIT extends OnTwoLoops {

  private static final String LEASE = "lease:{made:x}";

  private static Future<Result> load(CacheLoop loop) {
    Question question = loop.question("x");
    return loop.ask(engine -> engine.leases().load(question, question::isFresh));
  }

  /** The same, by one who finds that somebody else has the lease. */
  private static Future<Result> waiting(CacheLoop loop) {
    REDIS.run("CONFIG", "RESETSTAT");
    Future<Result> waiting = load(loop);
    await().until(() -> REDIS.run("INFO", "commandstats").contains("cmdstat_set:calls=1,"));
    return waiting;
  }

  private static void assertFailed(Future<Result> load, Failure failure) {
    assertThatThrownBy(() -> answer(load))
        .satisfies(thrown -> assertThat(FailureException.isOneOf(thrown, failure)).isTrue());
  }

  @Test
  void load_whenAnotherNodeComputes_waitsForItsResult() throws Exception {
    Future<Result> leading = load(first);
    Computing computing = first.computing();
    Future<Result> waiting = waiting(second);

    computing.end("made");

    assertThat(answer(leading).source()).isEqualTo(Source.COMPUTED);
    assertThat(answer(waiting))
        .returns("made", Result::result)
        .returns(Level.COMPUTED, result -> result.status().level())
        .returns(true, result -> result.status().collapsed());
    assertThat(second.begun()).isZero();
  }

  @Test
  void load_whenTheHolderHasDied_oneOfThoseWhoWaitComputesForAll() throws Exception {
    REDIS.run("SET", LEASE, "of-a-dead-node", "PX", "200");
    List<Future<Result>> loads = List.of(load(first), load(second));

    await().until(() -> first.begun() + second.begun() == 1);
    (first.begun() == 1 ? first : second).computing().end("made");

    assertThat(loads).allSatisfy(load -> assertThat(answer(load).result()).isEqualTo("made"));
    assertThat(loads).filteredOn(load -> answer(load).source() == Source.COMPUTED).hasSize(1);
    assertThat(first.begun() + second.begun()).isZero();
  }

  @Test
  void load_whenTheHolderFails_theOneWhoWaitsComputes() throws Exception {
    Future<Result> leading = load(first);
    Computing computing = first.computing();
    Future<Result> waiting = waiting(second);

    computing.fail();
    second.computing().end("made");

    assertFailed(leading, Failure.OVERLOADED);
    assertThat(answer(waiting))
        .returns("made", Result::result)
        .returns(Source.COMPUTED, Result::source);
  }

  @Test
  void load_whenSomebodyHasWrittenSinceTheLeaseWasLost_leavesThat() throws Exception {
    Future<Result> leading = load(first);
    Computing computing = first.computing();
    REDIS.run("DEL", LEASE);
    REDIS.run("SET", "made:x", "newer");

    computing.end("older");

    assertThat(answer(leading))
        .returns("older", Result::result)
        .returns(false, result -> result.status().stored());
    assertThat(REDIS.run("GET", "made:x")).isEqualTo("newer");
  }

  @Test
  void load_whenAnotherNodeHasTheLeaseByNow_isNotStored() throws Exception {
    Future<Result> older = load(first);
    Computing losing = first.computing();
    REDIS.run("DEL", LEASE);
    Future<Result> newer = load(second);
    Computing leading = second.computing();

    losing.end("older");
    assertThat(answer(older).status().stored()).isFalse();
    assertThat(REDIS.number("EXISTS", "made:x")).isZero();
    leading.end("newer");

    assertThat(answer(newer).status().stored()).isTrue();
    assertThat(REDIS.run("GET", "made:x")).isEqualTo("newer");
  }

  @Test
  void load_whenAGoodResultIsThereByNow_takesItAndGivesTheLeaseBack() {
    REDIS.run("SET", "made:x", "there", "PX", "30000");

    assertThat(answer(load(first)))
        .returns("there", Result::result)
        .returns(Level.REDIS, result -> result.status().level())
        .returns(false, result -> result.status().collapsed());

    await().until(() -> REDIS.number("EXISTS", LEASE) == 0);
    assertThat(first.begun()).isZero();
  }

  @Test
  void load_whenTheHolderTakesTooLong_isTimedOut() {
    REDIS.run("SET", LEASE, "of-nobody");
    Future<Result> waiting = waiting(first);

    first.pass(CacheLoop.DEADLINE);
    REDIS.run("SET", LEASE, "of-nobody-else");

    assertFailed(waiting, Failure.TIMED_OUT);
    assertThat(first.begun()).isZero();
  }

  @Test
  void load_whenRedisIsAway_isComputedAndNotRemembered() throws Exception {
    first.leaveRedis();
    Future<Result> alone = load(first);

    first.computing().end("made");

    assertThat(answer(alone))
        .returns("made", Result::result)
        .returns(false, result -> result.status().stored())
        .returns(true, result -> result.status().degraded());
  }

  @Test
  void refresh_whenRedisIsAway_failsAndComputesNothing() {
    first.leaveRedis();
    Question question = first.question("x");

    assertFailed(
        first.ask(engine -> engine.leases().refresh(question, question::isFresh)),
        Failure.REDIS_UNAVAILABLE);

    assertThat(first.begun()).isZero();
  }
}
