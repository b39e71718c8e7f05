package dev.recall.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.recall.api.CacheApi.Get;
import dev.recall.api.CacheApi.Result;
import dev.recall.api.CacheApi.Source;
import dev.recall.api.CacheStatus.Level;
import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import java.util.HashMap;
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

  private static Result result(Level level, boolean collapsed) {
    return new Result(
        "fib",
        "10",
        "55",
        Result.digest("55"),
        new CacheStatus(level, 599_000, 1_000, true, collapsed, false));
  }

  @Test
  void result_whenWritten_saysHowItWasComeByInHeaders() {
    Result result = result(Level.COMPUTED, false);

    assertThat(Wire.of(Result.FORM, result))
        .isEqualTo(
            new Wire(
                "{\"computation\":\"fib\",\"input\":\"10\",\"result\":\"55\"}",
                Map.of(
                    "source", "database",
                    "etag", "02d20bbd7e394ad5",
                    "level", "computed",
                    "ttl", "599000",
                    "age", "1000",
                    "stored", "true",
                    "collapsed", "false",
                    "degraded", "false")));
    assertThat(Wire.of(Result.FORM, result).readAs(Result.FORM)).isEqualTo(result);
  }

  @ParameterizedTest
  @CsvSource({
    "COMPUTED, false, COMPUTED",
    "COMPUTED, true, CACHE",
    "STALE, false, CACHE",
    "REDIS, false, CACHE",
    "NEAR, false, CACHE"
  })
  void source_isTheDatabaseForWhoeverCausedTheComputation(
      Level level, boolean collapsed, Source source) {
    assertThat(result(level, collapsed).source()).isEqualTo(source);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "NEAR", "disk"})
  void result_whenItsLevelIsUnknown_isInvalid(String level) {
    Wire wire = Wire.of(Result.FORM, result(Level.NEAR, false));
    Map<String, String> headers = new HashMap<>(wire.headers());
    headers.put("level", level);

    assertThatExceptionOfType(FailureException.class)
        .isThrownBy(() -> Wire.read(Result.FORM, wire.body(), headers))
        .returns(Failure.INVALID, FailureException::failure);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "xyz", "02d20bbd7e394ad5aa"})
  void result_whenItsTagIsMalformed_isInvalid(String tag) {
    Wire wire = Wire.of(Result.FORM, result(Level.NEAR, false));
    Map<String, String> headers = new HashMap<>(wire.headers());
    headers.put("etag", tag);

    assertThatExceptionOfType(FailureException.class)
        .isThrownBy(() -> Wire.read(Result.FORM, wire.body(), headers))
        .returns(Failure.INVALID, FailureException::failure);
  }

  @Test
  void joined_whenTheResultWasComputed_comesFromTheCache() {
    assertThat(result(Level.COMPUTED, false).joined()).isEqualTo(result(Level.COMPUTED, true));
  }

  @Test
  void joined_whenTheResultWasFound_isTheSame() {
    assertThat(result(Level.REDIS, false).joined()).isEqualTo(result(Level.REDIS, false));
  }
}
