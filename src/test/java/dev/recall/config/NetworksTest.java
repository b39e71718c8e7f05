package dev.recall.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworksTest {

  @ParameterizedTest
  @CsvSource({
    "127.0.0.0/8 ::1/128,   127.0.0.1,               true",
    "127.0.0.0/8 ::1/128,   127.255.255.255,         true",
    "127.0.0.0/8 ::1/128,   128.0.0.1,               false",
    "127.0.0.0/8 ::1/128,   ::1,                     true",
    "127.0.0.0/8 ::1/128,   ::2,                     false",
    "127.0.0.0/8 ::1/128,   0.0.0.0,                 false",
    "127.0.0.0/8 ::1/128,   ::,                      false",
    "127.0.0.0/8 ::1/128,   ::ffff:127.0.0.1,        true",
    "127.0.0.0/8 ::1/128,   ::ffff:10.0.0.1,         false",
    "127.0.0.0/8 ::1/128,   ::127.0.0.1,             false",
    "127.0.0.0/8 ::1/128,   169.254.169.254,         false",
    "10.1.2.3,              10.1.2.3,                true",
    "10.1.2.3,              10.1.2.4,                false",
    "'10.0.0.0/8, fd00::/8', fd12::1,                true",
    "'10.0.0.0/8, fd00::/8', fe80::1,                false",
    "0.0.0.0/0,             8.8.8.8,                 true",
    "0.0.0.0/0,             2001:db8::1,             false",
    "::/0,                  8.8.8.8,                 false",
    "none,                  127.0.0.1,               false"
  })
  void contain_whateverTheAddress_goesByItsBits(String text, String address, boolean isIn)
      throws UnknownHostException {
    assertThat(new Networks(text).contain(InetAddress.getByName(address))).isEqualTo(isIn);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "localhost",
        "localhost/8",
        "10.0.0.0/33",
        "10.0.0.0/-1",
        "10.0.0.0/",
        "/8",
        "10.0.0/8",
        "10.0.0.256",
        "::1/129",
        "10.0.0.0/8/8",
        "10.0.0.0/x",
        "none none",
        "10.0.0.1;10.0.0.2",
        "::ffff:10.0.0.0/104"
      })
  void new_whenTheTextIsNone_isRefusedWithoutAskingForAName(String text) {
    assertThatThrownBy(() -> new Networks(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("must be networks like 127.0.0.0/8 or ::1/128");
  }
}
