package dev.recall.redis.bundled;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedisVersionTest {

  @ParameterizedTest
  @CsvSource({
    "Redis server v=6.2.0 sha=00000000:0 malloc=jemalloc-5.1.0 bits=64, 6.2.0",
    "Redis server v=6.10.1 sha=0, 6.10.1",
    "Redis server v=5.0.14.1 sha=0, 5.0.14",
    "Redis server v=3.2 sha=7, 3.2.0",
    "Valkey server v=8.0.1 sha=0, 8.0.1",
    "Redis server v=10.0.0 sha=0, 10.0.0"
  })
  void answeredIn_whenAProgramTellsItsVersion_isThat(String answer, String version) {
    assertThat(RedisVersion.answeredIn(answer)).hasToString("Optional[" + version + "]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Redis server", "error while loading shared libraries: libssl.so.1.1", ""})
  void answeredIn_whenItTellsNone_isEmpty(String answer) {
    assertThat(RedisVersion.answeredIn(answer)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"7.0.0, 6.2.14", "6.10.0, 6.9.1", "7.2.0, 7.0.15", "10.0.0, 9.9.9"})
  void isNewerLineThan_whenTheFirstTwoNumbersAreHigher_holds(String newer, String older) {
    assertThat(version(newer).isNewerLineThan(version(older))).isTrue();
    assertThat(version(older).isNewerLineThan(version(newer))).isFalse();
    assertThat(version(newer)).isGreaterThan(version(older));
  }

  @Test
  void isNewerLineThan_whenOnlyTheLastNumberIsHigher_doesNotHold() {
    assertThat(version("6.2.14").isNewerLineThan(version("6.2.11"))).isFalse();
  }

  private static RedisVersion version(String written) {
    return RedisVersion.of(written).orElseThrow();
  }
}
