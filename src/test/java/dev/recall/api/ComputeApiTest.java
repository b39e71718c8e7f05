package dev.recall.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.recall.api.ComputeApi.Answer;
import dev.recall.api.ComputeApi.Ask;
import dev.recall.bus.Address;
import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ComputeApiTest {

  @Test
  void of_whenGivenAComputation_isItsClusterAddress() {
    Address.Cluster<Ask, Answer> address = ComputeApi.of("fib");

    assertThat(address.name()).isEqualTo("recall.v1.compute.fib");
  }

  @Test
  void ask_whenSent_isReadAsItWas() {
    Ask ask = new Ask("10");

    assertThat(Wire.of(Ask.FORM, ask)).isEqualTo(new Wire("{\"input\":\"10\"}", Map.of()));
    assertThat(Wire.of(Ask.FORM, ask).readAs(Ask.FORM)).isEqualTo(ask);
  }

  @Test
  void answer_whenSent_isReadAsItWas() {
    Answer answer = new Answer("fib", "100", "354224848179261915075");

    assertThat(Wire.of(Answer.FORM, answer))
        .isEqualTo(
            new Wire(
                "{\"computation\":\"fib\",\"input\":\"100\",\"result\":\"354224848179261915075\"}",
                Map.of()));
    assertThat(Wire.of(Answer.FORM, answer).readAs(Answer.FORM)).isEqualTo(answer);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"input\":\"1\",\"result\":\"1\"}",
        "{\"computation\":\"fib\",\"result\":\"1\"}",
        "{\"computation\":\"fib\",\"input\":\"1\"}",
        "{\"computation\":\"fib\",\"input\":\"1\",\"result\":1}"
      })
  void answer_whenAFieldIsMissingOrNoString_isInvalid(String body) {
    assertThatExceptionOfType(FailureException.class)
        .isThrownBy(() -> Wire.read(Answer.FORM, body, Map.of()))
        .returns(Failure.INVALID, FailureException::failure);
  }
}
