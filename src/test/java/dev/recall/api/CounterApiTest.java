package dev.recall.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.recall.api.CounterApi.Add;
import dev.recall.api.CounterApi.Value;
import dev.recall.bus.Failure;
import dev.recall.bus.FailureException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CounterApiTest {

  @ParameterizedTest
  @ValueSource(
      longs = {0, 1, -1, Integer.MAX_VALUE, 9007199254740993L, Long.MAX_VALUE, Long.MIN_VALUE})
  void add_whenSent_isReadAsItWas(long by) {
    Add add = new Add("user:1 😀", by, Optional.of(Duration.ofHours(1)), Optional.of("k"));

    assertThat(Wire.of(Add.FORM, add).readAs(Add.FORM)).isEqualTo(add);
  }

  @Test
  void add_whenWritten_hasTheAgreedFields() {
    assertThat(Wire.of(Add.FORM, new Add("a", 2, Optional.empty(), Optional.empty())))
        .isEqualTo(new Wire("{\"id\":\"a\",\"by\":2}", Map.of()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"id\":\"a\"}", "{\"id\":\"a\",\"by\":null}"})
  void add_whenItDoesNotSayHowMuch_addsOne(String body) {
    assertThat(Wire.read(Add.FORM, body, Map.of())).isEqualTo(Add.one("a"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"id\":1}",
        "{\"id\":\"\"}",
        "{\"id\":\"a\\nb\"}",
        "{\"id\":\"a\",\"by\":\"1\"}",
        "{\"id\":\"a\",\"by\":1.0}",
        "{\"id\":\"a\",\"by\":true}",
        "{\"id\":\"a\",\"by\":9223372036854775808}"
      })
  void add_whenAFieldIsNotAsAgreed_isInvalid(String body) {
    assertThatExceptionOfType(FailureException.class)
        .isThrownBy(() -> Wire.read(Add.FORM, body, Map.of()))
        .returns(Failure.INVALID, FailureException::failure);
  }

  @Test
  void new_whenTheIdIsNoKeyName_isInvalid() {
    assertThatExceptionOfType(FailureException.class)
        .isThrownBy(() -> Add.one(""))
        .returns(Failure.INVALID, FailureException::failure);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 7, Long.MAX_VALUE, Long.MIN_VALUE})
  void value_whenSent_isReadAsItWas(long number) {
    Value value = new Value("a", number);

    assertThat(Wire.of(Value.FORM, value))
        .isEqualTo(new Wire("{\"id\":\"a\",\"value\":" + number + "}", Map.of()));
    assertThat(Wire.of(Value.FORM, value).readAs(Value.FORM)).isEqualTo(value);
  }
}
