package dev.recall.form;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTextTest {

  private static void assertMalformed(String text) {
    assertThatExceptionOfType(FailureException.class)
        .isThrownBy(() -> JsonText.require("it", text))
        .returns(Failure.MALFORMED, FailureException::failure);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "null",
        "true",
        "0",
        "-1.5e+3",
        "1e400",
        "\"\"",
        "\"€ \\u20ac \\\" \\\\ \\/ \\n\"",
        " \t\r\n{ \"a\" : [ 1 , { \"b\" : null } ] } \n",
        "{\"a\":1,\"a\":2}"
      })
  void require_whenTheTextIsOneValue_agrees(String text) {
    assertThatNoException().isThrownBy(() -> JsonText.require("it", text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "[1",
        "[1,]",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{a:1}",
        "{'a':1}",
        "\"a",
        "\"\\q\"",
        "\"\\u12\"",
        "\"a\nb\"",
        "01",
        "+1",
        "1.",
        ".5",
        "-",
        "1e",
        "NaN",
        "Infinity",
        "tru",
        "True",
        "nullx",
        "// a\n1",
        "/* a */1",
        "1 2",
        "{}{}",
        "[]]",
        "{} x",
        "\"a\" \"b\"",
        "\uFEFF{}",
        "\u00A01"
      })
  void require_whenTheTextIsNotOneValue_isMalformed(String text) {
    assertMalformed(text);
  }

  @ParameterizedTest
  @CsvSource({"'[1,\n }', 2, 2", "'{} x', 1, 4", "'', 1, 1"})
  void require_whenTheTextIsMalformed_saysWhere(String text, int line, int column) {
    assertThatExceptionOfType(FailureException.class)
        .isThrownBy(() -> JsonText.require("the document", text))
        .returns(
            "the document is not JSON, at line: %d, column: %d".formatted(line, column),
            FailureException::detail);
  }

  @Test
  void require_whenTheNestingIsDeep_agrees() {
    assertThatNoException()
        .isThrownBy(() -> JsonText.require("it", "[".repeat(500) + "]".repeat(500)));
  }

  @Test
  void require_whenANumberHasManyDigits_agrees() {
    assertThatNoException()
        .isThrownBy(() -> JsonText.require("it", "[" + "7".repeat(20_000) + "]"));
  }

  @Test
  void require_whenANameIsLong_agrees() {
    assertThatNoException()
        .isThrownBy(() -> JsonText.require("it", "{\"" + "a".repeat(60_000) + "\":1}"));
  }

  @Test
  void require_whenTheNestingIsBottomless_isInvalid() {
    String text = "[".repeat(32_000) + "]".repeat(32_000);

    assertThatExceptionOfType(FailureException.class)
        .isThrownBy(() -> JsonText.require("it", text))
        .returns(Failure.INVALID, FailureException::failure)
        .returns("it must not be nested deeper than 1000", FailureException::detail);
  }
}
