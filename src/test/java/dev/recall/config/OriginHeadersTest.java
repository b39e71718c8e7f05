package dev.recall.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OriginHeadersTest {

  @Test
  void new_whenThereAreSeveralLines_hasEachByItsName() {
    OriginHeaders headers = new OriginHeaders("Authorization: Bearer a:b c\r\n X-Shop :  7 \n");

    assertThat(headers.byName())
        .containsOnly(entry("authorization", "Bearer a:b c"), entry("x-shop", "7"));
    assertThat(new OriginHeaders(headers.lines())).isEqualTo(headers).hasSameHashCodeAs(headers);
  }

  @Test
  void toString_whateverTheHeaders_showsNone() {
    assertThat(new OriginHeaders("Authorization: Bearer s3cret")).hasToString("***");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Host: evil.test",
        "CONNECTION: close",
        "Content-Length: 7",
        "Transfer-Encoding: chunked",
        "Expect: 100-continue",
        "Upgrade: h2c",
        "TE: trailers",
        "Trailer: x",
        "Keep-Alive: x",
        "Accept-Encoding: gzip",
        "traceparent: 00-1",
        "X-Request-Id: 7"
      })
  void new_whenAHeaderIsOurs_isRefused(String line) {
    assertThatThrownBy(() -> new OriginHeaders(line))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith(" is not to be set");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "s3cret",
        ": s3cret",
        "A B: s3cret",
        "a: x\n\nb: s3cret",
        "a: x\ns3cret",
        "é: s3cret",
        "a:",
        "a: s3cret\u0000",
        "a: s3crét",
        "a: s3cret\ta",
        "a: s3cret\na: s3cret",
        "a\u00a0: s3cret"
      })
  void new_whenALineIsNone_isRefusedWithoutAValue(String lines) {
    assertThatThrownBy(() -> new OriginHeaders(lines))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("s3cr");
  }

  @Test
  void new_whenAValueIsLongerThanAllowed_isRefused() {
    assertThat(new OriginHeaders("a: " + "x".repeat(2000)).byName()).hasSize(1);
    assertThatThrownBy(() -> new OriginHeaders("a: " + "x".repeat(2001)))
        .hasMessage("a must have 1 to 2000 visible characters");
  }
}
