package dev.recall.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recall.testing.RawCaller;
import dev.recall.testing.RunningNode;
import java.io.IOException;
import java.net.SocketException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is known before a byte of a body is read, by a node whose callers need tokens. */
class BodyIT extends RunningNode {

  private static final String TOKEN = "writer-0123456789";

  BodyIT() {
    super("http.tokens.writer.secret=" + TOKEN, "http.tokens.writer.scopes=write");
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /v1/counters/k, wrong, 401",
    "DELETE, /v1/cache/fib, writer-0123456789, 403",
    "POST, /nothing, writer-0123456789, 404",
    "PUT, /v1/counters/k, writer-0123456789, 405"
  })
  void refusal_isSentBeforeTheBody(String method, String path, String token, int status)
      throws IOException {
    try (RawCaller caller = new RawCaller(node.httpPort())) {
      caller.send(head(method + " " + path, token, "Content-Length: 60000"));

      assertThat(caller.readUntil("}", 1)).startsWith("HTTP/1.1 " + status + " ");
    }
  }

  @ParameterizedTest
  @CsvSource({"wrong, 10, 401", "writer-0123456789, 65537, 413"})
  void refusal_ofWhoExpects100_comesWithoutIt(String token, int length, int status)
      throws IOException {
    try (RawCaller caller = new RawCaller(node.httpPort())) {
      caller.send(
          head(
              "POST /v1/counters/k",
              token,
              "Content-Length: " + length + "\r\nExpect: 100-continue"));

      assertThat(caller.readToEnd()).startsWith("HTTP/1.1 " + status + " ").contains("close");
    }
  }

  @Test
  void body_ofWhoExpects100_isAskedFor() throws IOException {
    try (RawCaller caller = new RawCaller(node.httpPort())) {
      caller.send(head("POST /v1/counters/k", TOKEN, "Content-Length: 2\r\nExpect: 100-continue"));
      assertThat(caller.readUntil("\r\n\r\n", 1)).startsWith("HTTP/1.1 100 ");

      assertThat(caller.send("{}").readUntil("}", 1)).startsWith("HTTP/1.1 200 ");
    }
  }

  @Test
  void connection_afterABodyInVain_goesOn() throws IOException {
    try (RawCaller caller = new RawCaller(node.httpPort())) {
      caller.send(head("POST /v1/counters/k", "wrong", "Content-Length: 7") + "{\"a\":1}");
      assertThat(caller.readUntil("}", 1)).startsWith("HTTP/1.1 401 ");

      caller.send(head("POST /v1/counters/k", TOKEN, "Content-Length: 2") + "{}");
      assertThat(caller.readUntil("}", 1)).startsWith("HTTP/1.1 200 ");
    }
  }

  @Test
  void body_thatIsTooLong_isNotReadToItsEnd() throws IOException {
    try (RawCaller caller = new RawCaller(node.httpPort())) {
      caller.send(head("POST /v1/counters/k", TOKEN, "Content-Length: 999999999"));
      assertThat(caller.readUntil("}", 1)).startsWith("HTTP/1.1 413 ").contains("close");

      assertThat(sent(caller)).isLessThan(64 << 20);
    }
  }

  private static int sent(RawCaller caller) throws IOException {
    String part = "x".repeat(65_536);
    int sent = 0;
    try {
      while (sent < 100 << 20) {
        caller.send(part);
        sent += part.length();
      }
    } catch (SocketException closed) {
      return sent;
    }
    return sent;
  }

  private static String head(String line, String token, String headers) {
    return line
        + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        + "Authorization: Bearer "
        + token
        + "\r\n"
        + headers
        + "\r\n\r\n";
  }
}
