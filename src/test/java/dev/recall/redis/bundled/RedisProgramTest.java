package dev.recall.redis.bundled;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedisProgramTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Redis server v=6.2.0 sha=00000000:0 malloc=jemalloc-5.1.0 bits=64",
        "Redis server v=6.10.1 sha=0",
        "Redis server v=7.0.15 sha=0",
        "Valkey server v=8.0.1 sha=0",
        "Redis server v=10.0.0 sha=0"
      })
  void isRecent_whenTheVersionIs62OrLater_holds(String answer) {
    assertThat(RedisProgram.isRecent(answer)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Redis server v=6.0.16 sha=0",
        "Redis server v=6.1.9 sha=0",
        "Redis server v=5.0.14.1 sha=0",
        "Redis server v=3.2 sha=7",
        "Redis server",
        "error while loading shared libraries: libssl.so.1.1",
        ""
      })
  void isRecent_whenTheVersionIsEarlierOrMissing_doesNotHold(String answer) {
    assertThat(RedisProgram.isRecent(answer)).isFalse();
  }
}
