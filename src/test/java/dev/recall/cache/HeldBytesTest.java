package dev.recall.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.recall.failure.FailureException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import org.junit.jupiter.api.Test;

class HeldBytesTest {

  private final HeldBytes held = new HeldBytes(10);

  @Test
  void take_whenItIsTooMuch_holdsNoMore() {
    assertThat(held.take(6)).isTrue();
    assertThat(held.take(5)).isFalse();
    assertThat(held.take(4)).isTrue();
    held.giveBack(6);
    assertThat(held.take(6)).isTrue();
  }

  @Test
  void during_whenItIsTooMuch_isOverloadedUntilTheOthersAreDone() {
    Promise<String> first = Promise.promise();
    held.during(10, first::future);

    assertThatThrownBy(() -> held.during(1, () -> Future.succeededFuture("x")).await())
        .isInstanceOf(FailureException.class);
    first.fail("it fails");
    assertThat(held.during(10, () -> Future.succeededFuture("x")).await()).isEqualTo("x");
    assertThat(held.take(10)).isTrue();
  }

  @Test
  void during_whenTheWorkThrows_holdsNothing() {
    Future<String> failed =
        held.during(
            10,
            () -> {
              throw new IllegalStateException("a bug");
            });

    assertThatThrownBy(failed::await).hasMessage("a bug");
    assertThat(held.take(10)).isTrue();
  }
}
