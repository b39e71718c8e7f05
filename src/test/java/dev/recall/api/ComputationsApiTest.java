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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ComputationsApiTest {

  @Test
  void ask_whenSent_saysNothing() {
    assertThat(Wire.of(Ask.FORM, new Ask())).isEqualTo(new Wire("{}", Map.of()));
    assertThat(Wire.of(Ask.FORM, new Ask()).readAs(Ask.FORM)).isEqualTo(new Ask());
  }

  @Test
  void computations_whenSent_areReadAsTheyWere() {
    Computations computations =
        new Computations(List.of(new Known("fib", 600_000), new Known("year", 31_536_000_000L)));

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
    assertThat(Wire.of(Computations.FORM, new Computations(List.of(new Known("fib", 600_000)))))
        .isEqualTo(new Wire("{\"computations\":[{\"name\":\"fib\",\"ttl_ms\":600000}]}", Map.of()));
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
