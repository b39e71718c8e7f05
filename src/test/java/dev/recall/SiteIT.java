package dev.recall;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recall.testing.RawCaller;
import dev.recall.testing.RunningNode;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a page in a browser of this machine can do to a node without tokens: nothing. */
class SiteIT extends RunningNode {

  SiteIT() {
    super("http.hosts=recall.internal api.internal");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "localhost:8080",
        "LOCALHOST:1",
        "app.localhost:80",
        "127.0.0.1:8080",
        "127.1.2.3",
        "[::1]:8080",
        "recall.internal:80",
        "API.internal"
      })
  void request_toANameOfTheNode_isAnswered(String host) throws IOException {
    assertThat(get(node.httpPort(), "/cache/calculate/10", "Host: " + host))
        .startsWith("HTTP/1.1 200 ");
    assertThat(get(node.application().managementPort(), "/health/live", "Host: " + host))
        .startsWith("HTTP/1.1 200 ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "evil.example:8080",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "evil-localhost",
        "192.168.1.1",
        "0.0.0.0",
        "user@localhost",
        "::1",
        "[::2]:80"
      })
  void request_toAnotherName_is421OnBothPorts(String host) throws IOException {
    assertThat(get(node.httpPort(), "/counter/rebound", "Host: " + host))
        .startsWith("HTTP/1.1 421 ")
        .contains("application/problem+json")
        .contains("urn:recall:misdirected");
    assertThat(get(node.application().managementPort(), "/metrics", "Host: " + host))
        .startsWith("HTTP/1.1 421 ")
        .contains("urn:recall:misdirected");
    assertThat(redis.run("EXISTS", "user:rebound:visits")).contains("0");
  }

  @Test
  void request_withTwoHosts_is400OnBothPorts() throws IOException {
    String two = "Host: localhost\r\nHost: localhost";

    assertThat(get(node.httpPort(), "/example", two)).startsWith("HTTP/1.1 400 ");
    assertThat(get(node.application().managementPort(), "/metrics", two))
        .startsWith("HTTP/1.1 400 ");
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /counter/k",
    "GET, /example",
    "GET, /redis-test",
    "POST, /v1/counters/k",
    "DELETE, /v1/cache/fib",
    "POST, /v1/locks/k"
  })
  void change_ofAnotherSite_is403(String method, String path) throws IOException {
    for (String sent :
        new String[] {
          "Origin: http://evil.example",
          "Origin: null",
          "Origin: http://localhost.evil.example",
          "Sec-Fetch-Site: cross-site"
        }) {
      assertThat(ask(node.httpPort(), method + " " + path, "Host: localhost\r\n" + sent))
          .as(sent)
          .startsWith("HTTP/1.1 403 ")
          .contains("urn:recall:cross-site");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Origin: http://localhost:3000",
        "Origin: https://recall.internal",
        "Sec-Fetch-Site: same-origin",
        "Sec-Fetch-Site: none"
      })
  void change_ofASiteOfThisNode_isMade(String sent) throws IOException {
    assertThat(get(node.httpPort(), "/counter/k", "Host: localhost\r\n" + sent))
        .startsWith("HTTP/1.1 200 ");
  }

  @Test
  void read_ofAnotherSite_isAnswered() throws IOException {
    assertThat(
            get(
                node.httpPort(),
                "/cache/calculate/10",
                "Host: localhost\r\nOrigin: http://evil.example"))
        .startsWith("HTTP/1.1 200 ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "PATCH"})
  void management_forAnotherVerb_is405(String verb) throws IOException {
    assertThat(ask(node.application().managementPort(), verb + " /health/live", "Host: localhost"))
        .startsWith("HTTP/1.1 405 ")
        .contains("allow: GET, HEAD")
        .contains("urn:recall:method-not-allowed");
  }

  @Test
  void management_forHead_answersWithoutABody() throws IOException {
    assertThat(ask(node.application().managementPort(), "HEAD /metrics", "Host: localhost"))
        .startsWith("HTTP/1.1 200 ")
        .endsWith("\r\n\r\n");
  }

  @Test
  void management_atAnotherPath_is404() throws IOException {
    assertThat(get(node.application().managementPort(), "/", "Host: localhost"))
        .startsWith("HTTP/1.1 404 ")
        .contains("urn:recall:no-such-route");
  }

  private static String get(int port, String path, String headers) throws IOException {
    return ask(port, "GET " + path, headers);
  }

  private static String ask(int port, String line, String headers) throws IOException {
    try (RawCaller caller = new RawCaller(port)) {
      return caller
          .send(line + " HTTP/1.1\r\n" + headers + "\r\nConnection: close\r\n\r\n")
          .readToEnd();
    }
  }
}
