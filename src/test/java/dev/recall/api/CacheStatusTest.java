package dev.recall.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.recall.api.CacheStatus.Level;
import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonObject;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CacheStatusTest {

  private static final CacheStatus FACTS =
      new CacheStatus(Level.REDIS, 599_000, 1_000, true, false, true);

  /** Each level with each combination of flags. */
  static Stream<CacheStatus> all() {
    return Stream.of(Level.values())
        .flatMap(
            level ->
                Stream.iterate(0, flags -> flags < 8, flags -> flags + 1)
                    .map(
                        flags ->
                            new CacheStatus(
                                level,
                                Long.MIN_VALUE,
                                Long.MAX_VALUE,
                                (flags & 1) != 0,
                                (flags & 2) != 0,
                                (flags & 4) != 0)));
  }

  private static MultiMap headers(CacheStatus facts) {
    MultiMap headers = MultiMap.caseInsensitiveMultiMap();
    CacheStatus.FORM.write(facts, headers);
    return headers;
  }

  private static CacheStatus read(MultiMap headers) {
    return CacheStatus.FORM.read(new JsonObject(), headers);
  }

  private static void assertInvalid(MultiMap headers, String detail) {
    assertThatExceptionOfType(FailureException.class)
        .isThrownBy(() -> read(headers))
        .returns(Failure.INVALID, FailureException::failure)
        .returns(detail, FailureException::detail);
  }

  @ParameterizedTest
  @MethodSource("all")
  void read_whenWritten_isTheSame(CacheStatus facts) {
    assertThat(read(headers(facts))).isEqualTo(facts);
  }

  @ParameterizedTest
  @CsvSource({"NEAR, near", "REDIS, redis", "STALE, stale", "COMPUTED, computed"})
  void write_whenOfALevel_saysItsWord(Level level, String word) {
    CacheStatus facts = new CacheStatus(level, 1, 2, false, false, false);

    assertThat(headers(facts).get("level")).isEqualTo(word);
  }

  @Test
  void write_whenCalled_saysAllInPlainText() {
    MultiMap headers = headers(FACTS);

    assertThat(headers.names())
        .containsExactlyInAnyOrder("level", "ttl", "age", "stored", "collapsed", "degraded");
    assertThat(headers.get("ttl")).isEqualTo("599000");
    assertThat(headers.get("age")).isEqualTo("1000");
    assertThat(headers.get("stored")).isEqualTo("true");
    assertThat(headers.get("collapsed")).isEqualTo("false");
    assertThat(headers.get("degraded")).isEqualTo("true");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Near", "REDIS", "disk", " near"})
  void read_whenTheLevelIsUnknown_isInvalid(String level) {
    assertInvalid(
        headers(FACTS).set("level", level), "level must be near, redis, stale or computed");
  }

  @Test
  void read_whenThereIsNoLevel_isInvalid() {
    assertInvalid(headers(FACTS).remove("level"), "level must be near, redis, stale or computed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1.5", "1s", " 1", "9223372036854775808"})
  void read_whenTheTtlIsNoWholeNumber_isInvalid(String ttl) {
    assertInvalid(headers(FACTS).set("ttl", ttl), "ttl must be a whole number of milliseconds");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ttl", "age"})
  void read_whenATimeIsMissing_isInvalid(String name) {
    assertInvalid(headers(FACTS).remove(name), name + " must be a whole number of milliseconds");
  }

  @Test
  void read_whenTheFlagsAreMissing_holdsNone() {
    MultiMap headers = headers(FACTS).remove("stored").remove("collapsed").remove("degraded");

    assertThat(read(headers))
        .isEqualTo(new CacheStatus(Level.REDIS, 599_000, 1_000, false, false, false));
  }

  @Test
  void joined_whenComputed_isCollapsedAndElseTheSame() {
    assertThat(new CacheStatus(Level.COMPUTED, 600_000, 0, true, false, true).joined())
        .isEqualTo(new CacheStatus(Level.COMPUTED, 600_000, 0, true, true, true));
  }

  @ParameterizedTest
  @EnumSource(value = Level.class, mode = EnumSource.Mode.EXCLUDE, names = "COMPUTED")
  void joined_whenFound_isTheSame(Level level) {
    CacheStatus facts = new CacheStatus(level, 1, 2, true, false, true);

    assertThat(facts.joined()).isEqualTo(facts);
  }
}
