package dev.recall.form;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyNameTest {

  private static final Field<String> ID = Field.keyName("id");

  static String[] namesOfAllowedLength() {
    return new String[] {
      "a", "a".repeat(256), "é".repeat(128), "€".repeat(85) + "a", "😀".repeat(64)
    };
  }

  static String[] namesOfOtherLengths() {
    return new String[] {
      "",
      "a".repeat(257),
      "é".repeat(128) + "a",
      "€".repeat(86),
      "😀".repeat(64) + "a",
      "€".repeat(256)
    };
  }

  @ParameterizedTest
  @MethodSource("namesOfAllowedLength")
  void require_whenTheNameHas1To256Bytes_passes(String name) {
    assertThatCode(() -> ID.require(name)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @MethodSource("namesOfOtherLengths")
  void require_whenTheNameIsEmptyOrLonger_isInvalid(String name) {
    assertThatExceptionOfType(FailureException.class)
        .isThrownBy(() -> ID.require(name))
        .returns(Failure.INVALID, FailureException::failure)
        .returns("id must have 1 to 256 bytes of UTF-8", FailureException::detail);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {" ", "user:1", "*", "{x}", "a b", "👩‍🚀", "\u00A0", "\uFFFD", "\\", "%00", "'\""})
  void require_whenTheNameHasUnusualCharacters_passes(String name) {
    assertThatCode(() -> ID.require(name)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a\0b",
        "\u0001",
        "tab\t",
        "line\n",
        "\r",
        "\u001B[0m",
        "\u001F",
        "\u007F",
        "\u0080",
        "\u009F"
      })
  void require_whenTheNameHasAControlCharacter_isInvalid(String name) {
    assertThatExceptionOfType(FailureException.class)
        .isThrownBy(() -> ID.require(name))
        .returns(Failure.INVALID, FailureException::failure)
        .returns("id must be valid UTF-8 without control characters", FailureException::detail);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\uD83D", "\uDE00", "a\uD83Db", "\uDE00\uD83D"})
  void require_whenTheNameHasALoneSurrogate_isInvalid(String name) {
    assertThatExceptionOfType(FailureException.class)
        .isThrownBy(() -> ID.require(name))
        .returns(Failure.INVALID, FailureException::failure);
  }
}
