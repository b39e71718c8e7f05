package dev.recall.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import dev.recall.redis.ResultStore;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LargeResultsTest {

  private static final long MAX_BYTES = 1_000_000;

  private final Policy policy =
      new Policy(
          "fib",
          new Freshness(Duration.ofMinutes(1), Duration.ZERO, 0, 0, Duration.ofSeconds(1)),
          input -> input,
          text -> true);
  private final HeldBytes held = new HeldBytes(2 * MAX_BYTES);
  private final LargeResults large = new LargeResults(MAX_BYTES, held);

  @Test
  void holding_whenTheResultIsLarge_holdsItTwiceUntilTheWorkIsDone() {
    Promise<String> work = Promise.promise();

    Future<String> done = large.holding(policy, MAX_BYTES, work::future);

    assertThat(held.take(1)).isFalse();
    work.complete("done");
    assertThat(done.await()).isEqualTo("done");
    assertThat(held.take(2 * MAX_BYTES)).isTrue();
  }

  @Test
  void holding_whenTooManyAreHeld_isOverloaded() {
    held.take(1);

    Future<String> refused = large.holding(policy, MAX_BYTES, () -> Future.succeededFuture("done"));

    assertThat(FailureException.isOneOf(refused.cause(), Failure.OVERLOADED)).isTrue();
  }

  @Test
  void holding_whenTheResultIsSmall_holdsNothing() {
    held.take(2 * MAX_BYTES);

    Future<String> done =
        large.holding(policy, ResultStore.LARGE - 1, () -> Future.succeededFuture("done"));

    assertThat(done.await()).isEqualTo("done");
    assertThat(large.areOf(policy)).isFalse();
  }

  @Test
  void areOf_whenOneWasHeld_isTrue() {
    large.holding(policy, ResultStore.LARGE, () -> Future.succeededFuture("done"));

    assertThat(large.areOf(policy)).isTrue();
  }

  @Test
  void areOf_whenOneWasSeen_isTrue() {
    large.saw(policy);

    assertThat(large.areOf(policy)).isTrue();
  }

  @Test
  void requireRoom_whenTheResultIsTooLong_saysHowLongItMayBe() {
    assertThatCode(() -> large.requireRoom(MAX_BYTES)).doesNotThrowAnyException();

    assertThatThrownBy(() -> large.requireRoom(MAX_BYTES + 1))
        .hasMessage("the result has 1000001 bytes, and this node has room for 1000000")
        .satisfies(
            thrown ->
                assertThat(FailureException.isOneOf(thrown, Failure.RESULT_TOO_LARGE)).isTrue());
  }
}
