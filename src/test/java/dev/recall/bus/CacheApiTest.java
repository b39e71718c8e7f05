package dev.recall.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.recall.bus.CacheApi.Get;
import dev.recall.bus.CacheApi.Result;
import dev.recall.bus.CacheApi.Source;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CacheApiTest {

  @Test
  void get_whenSent_isReadAsItWas() {
    Get get = new Get("fib", "010 \"€\"");

    assertThat(Wire.of(Get.FORM, get).readAs(Get.FORM)).isEqualTo(get);
  }

  @Test
  void get_whenWritten_hasTheAgreedFields() {
    assertThat(Wire.of(Get.FORM, new Get("fib", "10")))
        .isEqualTo(new Wire("{\"computation\":\"fib\",\"input\":\"10\"}", Map.of()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"computation\":\"fib\"}",
        "{\"input\":\"1\"}",
        "{\"computation\":\"fib\",\"input\":1}",
        "{\"computation\":null,\"input\":\"1\"}"
      })
  void get_whenAFieldIsMissingOrNoString_isInvalid(String body) {
    assertThatExceptionOfType(FailureException.class)
        .isThrownBy(() -> Wire.read(Get.FORM, body, Map.of()))
        .returns(Failure.INVALID, FailureException::failure);
  }

  @ParameterizedTest
  @CsvSource({"COMPUTED, database", "CACHE, cache"})
  void result_whenWritten_saysItsSourceInAHeader(Source source, String word) {
    Result result = new Result("fib", "10", "55", source);

    assertThat(Wire.of(Result.FORM, result))
        .isEqualTo(
            new Wire(
                "{\"computation\":\"fib\",\"input\":\"10\",\"result\":\"55\"}",
                Map.of("source", word)));
    assertThat(Wire.of(Result.FORM, result).readAs(Result.FORM)).isEqualTo(result);
    assertThat(source.word()).isEqualTo(word);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "CACHE", "redis"})
  void result_whenItsSourceIsUnknown_isInvalid(String word) {
    String body = Wire.of(Result.FORM, new Result("fib", "10", "55", Source.CACHE)).body();

    assertThatExceptionOfType(FailureException.class)
        .isThrownBy(() -> Wire.read(Result.FORM, body, Map.of("source", word)))
        .returns(Failure.INVALID, FailureException::failure);
    assertThatExceptionOfType(FailureException.class)
        .isThrownBy(() -> Wire.read(Result.FORM, body, Map.of()))
        .returns(Failure.INVALID, FailureException::failure);
  }

  @Test
  void remembered_whenTheResultWasComputed_comesFromTheCache() {
    assertThat(new Result("fib", "10", "55", Source.COMPUTED).remembered())
        .isEqualTo(new Result("fib", "10", "55", Source.CACHE));
  }
}
