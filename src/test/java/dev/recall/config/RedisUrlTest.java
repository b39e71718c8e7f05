package dev.recall.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedisUrlTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "redis://host",
        "redis://host/",
        "redis://host:6379",
        "redis://host:65535/15",
        "redis://:password@host",
        "redis://user:password@host:6379/0",
        "redis://user:p%40ss%2F@host",
        "rediss://host:6380",
        "redis://[::1]:6379",
        "redis://127.0.0.1/99999"
      })
  void new_whenTheUrlNamesAServer_keepsItAsItIs(String url) {
    assertThat(new RedisUrl(url).url()).isEqualTo(url);
    assertThat(new RedisUrl(url).isEmpty()).isFalse();
  }

  @Test
  void new_whenTheUrlIsEmpty_namesNoServer() {
    assertThat(new RedisUrl("").isEmpty()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "http://secret:secret@host,        must begin with redis:// or rediss://",
    "secret:secret@host,               must begin with redis:// or rediss://",
    "//secret:secret@host,             must begin with redis:// or rediss://",
    "redis:secret,                     names no host",
    "redis:///0,                       names no host",
    "redis://secret:se@cret@host,      names no host",
    "redis://secret:se/cret@host,      names no host",
    "redis://host:secret,              names no host",
    "'redis://secret:se cret@host',    is not a URL",
    "redis://secret:secret%@host,      is not a URL",
    "redis://,                         is not a URL",
    "redis://secret:secret@host:65536, must have a port from 1 to 65535",
    "redis://secret:secret@host:0,     must have a port from 1 to 65535",
    "redis://secret:secret@host/x,     'must end with a database number, like /0'",
    "redis://secret:secret@host/0/1,   'must end with a database number, like /0'",
    "redis://secret:secret@host/-1,    'must end with a database number, like /0'",
    "redis://secret:secret@host/100000,'must end with a database number, like /0'",
    "redis://host?password=secret,     takes no parameters",
    "redis://secret:secret@host/0#f,   takes no parameters"
  })
  void new_whenTheUrlIsNone_saysWhyWithoutRepeatingIt(String url, String fault) {
    assertThatThrownBy(() -> new RedisUrl(url))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(fault)
        .hasNoCause();
  }

  @ParameterizedTest
  @CsvSource({
    "redis://user:secret@host:6379/0, redis://***@host:6379/0",
    "rediss://:secret@host,           rediss://***@host",
    "redis://user@host,               redis://***@host",
    "redis://host:6379,               redis://host:6379",
    "'',                              ''"
  })
  void toString_whenThereAreCredentials_masksThem(String url, String shown) {
    assertThat(new RedisUrl(url)).hasToString(shown);
    assertThat(new Settings.Redis(new RedisUrl(url)).toString()).doesNotContain("secret");
  }
}
