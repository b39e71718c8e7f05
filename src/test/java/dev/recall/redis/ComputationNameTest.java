package dev.recall.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recall.config.ComputationName;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ComputationNameTest {

  /** Every key that is no result. */
  static Stream<String> otherKeys() {
    return Stream.of(
        RedisKeys.LOCK,
        RedisKeys.DEFINITIONS,
        RedisKeys.lease("x"),
        RedisKeys.refusal("x"),
        RedisKeys.tries("x"),
        RedisKeys.counter("x"),
        RedisKeys.answer("x", "y"),
        RedisKeys.document("x", "y"),
        RedisKeys.lock("x"),
        RedisKeys.fence("x"),
        RedisKeys.rate("x", "y"));
  }

  @ParameterizedTest
  @MethodSource("otherKeys")
  void isTaken_whenAnotherKeyBeginsWithIt_holds(String key) {
    assertThat(ComputationName.isTaken(key.substring(0, key.indexOf(':')))).isTrue();
  }

  @Test
  void otherKeys_whateverIsAdded_areAllHere() {
    long kinds =
        Stream.of(RedisKeys.class.getDeclaredMethods())
            .filter(method -> method.getReturnType() == String.class && !method.isSynthetic())
            .count();
    // Of a result: result, results, leases, leased; the rest are above, with two constants.
    assertThat(otherKeys()).hasSize((int) kinds - 4 + 2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"fib", "a", "0", "-", "product-page", "locks", "a-64-"})
  void isWellFormed_whenItHasSmallLettersDigitsAndHyphens_holds(String name) {
    assertThat(ComputationName.isWellFormed(name)).isTrue();
    assertThat(ComputationName.isTaken(name)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "A", "a_b", "a:b", "a.b", "a b", "é", "a\n", "a{", "a@1", "*"})
  void isWellFormed_whenItHasAnythingElse_doesNotHold(String name) {
    assertThat(ComputationName.isWellFormed(name)).isFalse();
  }

  @Test
  void isWellFormed_whenItIsLongerThanAllowed_doesNotHold() {
    assertThat(ComputationName.isWellFormed("a".repeat(64))).isTrue();
    assertThat(ComputationName.isWellFormed("a".repeat(65))).isFalse();
  }
}
