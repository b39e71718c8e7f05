package dev.recall.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.recall.api.InvalidationApi.Clear;
import dev.recall.api.InvalidationApi.Delete;
import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import dev.recall.form.Form;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InvalidationApiTest {

  private static <T> void assertInvalid(Form<T> form, String body) {
    assertThatExceptionOfType(FailureException.class)
        .isThrownBy(() -> Wire.read(form, body, Map.of()))
        .returns(Failure.INVALID, FailureException::failure);
  }

  @Test
  void delete_whenSent_isReadAsItWas() {
    Delete delete = new Delete("fib", "010 \"€\"");

    assertThat(Wire.of(Delete.FORM, delete).readAs(Delete.FORM)).isEqualTo(delete);
  }

  @Test
  void delete_whenWritten_hasTheAgreedFields() {
    assertThat(Wire.of(Delete.FORM, new Delete("fib", "10")))
        .isEqualTo(new Wire("{\"computation\":\"fib\",\"input\":\"10\"}", Map.of()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"computation\":\"fib\"}",
        "{\"input\":\"1\"}",
        "{\"computation\":\"fib\",\"input\":1}",
        "{\"computation\":[\"fib\"],\"input\":\"1\"}"
      })
  void delete_whenAFieldIsMissingOrNoString_isInvalid(String body) {
    assertInvalid(Delete.FORM, body);
  }

  @Test
  void clear_whenSent_isReadAsItWas() {
    Clear clear = new Clear("fib");

    assertThat(Wire.of(Clear.FORM, clear))
        .isEqualTo(new Wire("{\"computation\":\"fib\"}", Map.of()));
    assertThat(Wire.of(Clear.FORM, clear).readAs(Clear.FORM)).isEqualTo(clear);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"computation\":null}", "{\"computation\":1}"})
  void clear_whenTheComputationIsMissingOrNoString_isInvalid(String body) {
    assertInvalid(Clear.FORM, body);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 4_294_967_296L})
  void removed_whenSent_isReadAsItWas(long number) {
    Removed removed = new Removed(number);

    assertThat(Wire.of(Removed.FORM, removed))
        .isEqualTo(new Wire("{\"removed\":" + number + "}", Map.of()));
    assertThat(Wire.of(Removed.FORM, removed).readAs(Removed.FORM)).isEqualTo(removed);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"removed\":\"1\"}", "{\"removed\":1.5}", "{\"removed\":true}"})
  void removed_whenItIsNoWholeNumber_isInvalid(String body) {
    assertInvalid(Removed.FORM, body);
  }
}
