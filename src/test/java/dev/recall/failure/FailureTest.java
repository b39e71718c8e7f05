package dev.recall.failure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FailureTest {

  @Test
  void code_whenTakenOfEveryFailure_isUnique() {
    assertThat(Failure.values()).extracting(Failure::code).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @EnumSource
  void status_whenTakenOfAnyFailure_isTheErrorStatusItsCodeBeginsWith(Failure failure) {
    assertThat(failure.status()).isBetween(400, 599);
    assertThat(Integer.toString(failure.code()))
        .hasSize(5)
        .startsWith(Integer.toString(failure.status()));
  }

  @ParameterizedTest
  @EnumSource
  void of_whenTheCodeIsInTheTable_isItsFailure(Failure failure) {
    assertThat(Failure.of(failure.code())).isSameAs(failure);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 404, 40499, 50399, Integer.MAX_VALUE})
  void of_whenTheCodeIsUnknown_isInternal(int code) {
    assertThat(Failure.of(code)).isEqualTo(Failure.INTERNAL);
  }

  @ParameterizedTest
  @EnumSource
  void urn_whenTakenOfAnyFailure_isAUrnOfRecall(Failure failure) {
    assertThat(failure.urn()).matches("urn:recall:[a-z]+(-[a-z]+)*");
  }

  @ParameterizedTest
  @EnumSource
  void of_whenTheUrnIsInTheTable_isItsFailure(Failure failure) {
    assertThat(Failure.of(failure.urn())).hasValue(failure);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "about:blank", "urn:recall:of-tomorrow", "INVALID"})
  void of_whenTheUrnIsUnknown_isNone(String urn) {
    assertThat(Failure.of(urn)).isEmpty();
  }

  @Test
  void urn_whenTheNameHasSeveralWords_joinsThemByHyphens() {
    assertThat(Failure.OUTCOME_UNKNOWN.urn()).isEqualTo("urn:recall:outcome-unknown");
  }

  @Test
  void because_whenThereIsADetail_carriesItWithoutAStackTrace() {
    FailureException failure = Failure.INVALID.because("n must be a number");

    assertThat(failure).hasMessage("n must be a number");
    assertThat(failure.failure()).isEqualTo(Failure.INVALID);
    assertThat(failure.detail()).isEqualTo("n must be a number");
    assertThat(failure.getStackTrace()).isEmpty();
  }

  @Test
  void because_whenTheDetailRepeatsSomethingLong_tellsItsBeginning() {
    String detail = Failure.NO_SUCH_COMPUTATION.because("no " + "😀".repeat(60_000)).detail();

    assertThat(detail).startsWith("no 😀").endsWith("😀…").hasSizeLessThan(1_002);
  }
}
