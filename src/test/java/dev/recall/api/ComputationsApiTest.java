package dev.recall.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.recall.api.ComputationsApi.Ask;
import dev.recall.api.ComputationsApi.Computations;
import dev.recall.api.ComputationsApi.Known;
import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ComputationsApiTest {

  private static final Known FIB =
      new Known("fib", 600_000, "class", "text/plain", Optional.empty(), Optional.empty());
  private static final Known PRODUCT =
      new Known(
          "product",
          60_000,
          "url",
          "application/json",
          Optional.of("2"),
          Optional.of("http://shop/{input}"));

  @Test
  void ask_whenSent_saysNothing() {
    assertThat(Wire.of(Ask.FORM, new Ask())).isEqualTo(new Wire("{}", Map.of()));
    assertThat(Wire.of(Ask.FORM, new Ask()).readAs(Ask.FORM)).isEqualTo(new Ask());
  }

  @Test
  void computations_whenSent_areReadAsTheyWere() {
    Computations computations = new Computations(List.of(FIB, PRODUCT));

    assertThat(Wire.of(Computations.FORM, computations).readAs(Computations.FORM))
        .isEqualTo(computations);
  }

  @Test
  void computations_whenThereIsNone_areReadAsTheyWere() {
    Computations none = new Computations(List.of());

    assertThat(Wire.of(Computations.FORM, none).readAs(Computations.FORM)).isEqualTo(none);
  }

  @Test
  void computations_whenWritten_haveTheAgreedFields() {
    assertThat(Wire.of(Computations.FORM, new Computations(List.of(FIB, PRODUCT))))
        .isEqualTo(
            new Wire(
                "{\"computations\":[{\"name\":\"fib\",\"ttl_ms\":600000,\"by\":\"class\","
                    + "\"media_type\":\"text/plain\"},{\"name\":\"product\",\"ttl_ms\":60000,"
                    + "\"by\":\"url\",\"media_type\":\"application/json\",\"version\":\"2\","
                    + "\"url\":\"http://shop/{input}\"}]}",
                Map.of()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"computations\":{}}",
        "{\"computations\":[\"fib\"]}",
        "{\"computations\":[{\"ttl_ms\":1}]}",
        "{\"computations\":[{\"name\":\"fib\",\"ttl_ms\":\"1\"}]}"
      })
  void computations_whenAFieldIsMissingOrOfTheWrongType_areInvalid(String body) {
    assertThatExceptionOfType(FailureException.class)
        .isThrownBy(() -> Wire.read(Computations.FORM, body, Map.of()))
        .returns(Failure.INVALID, FailureException::failure);
  }
}
