package dev.recall.http;

import static dev.recall.testing.ProblemAssertions.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.recall.redis.bundled.SharedRedis;
import dev.recall.testing.Node;
import java.io.IOException;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that no route can answer: always a problem, never a stack trace, never a hang. */
class HttpErrorsIT {

  private static Node node;

  @BeforeAll
  static void start() {
    node = Node.started("redis.url=" + SharedRedis.url());
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/nothing", "/cache/calculate", "/cache/calculate/1/2", "/v1"})
  void request_whenThePathIsUnknown_is404(String path) {
    assertProblem(node.get(path), 404, "no-such-route");
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /redis-test, GET",
    "PUT, /example, GET",
    "DELETE, /cache/calculate/10, 'GET, HEAD'",
    "PUT, /v1/cache/fib/10, 'GET, HEAD, DELETE'",
    "GET, /v1/cache/fib, 'POST, DELETE'",
    "POST, /v1/computations, 'GET, HEAD'",
    "POST, /counter/1, GET",
    "PATCH, /counter/1, GET"
  })
  void request_whenTheVerbIsWrong_is405WithAllow(String verb, String path, String allowed) {
    HttpResponse<String> answer = node.send(verb, path, "");

    assertProblem(answer, 405, "method-not-allowed");
    assertThat(answer.headers().firstValue("allow")).hasValue(allowed);
  }

  @Test
  void head_whenItWouldCount_is405AndCountsNothing() {
    long before = visits();

    assertThat(node.send("HEAD", "/counter/head", "").statusCode()).isEqualTo(405);

    assertThat(visits()).isEqualTo(before + 1);
  }

  @Test
  void request_whenTheBodyIsOver64KiB_is413() {
    assertProblem(node.send("POST", "/v1/counters/k", "x".repeat(65_537)), 413, "body-too-large");
  }

  @Test
  void request_whenTheBodyOver64KiBIsChunked_is413() throws IOException {
    String chunk = "4000\r\n" + "x".repeat(0x4000) + "\r\n";

    assertThat(
            node.exchange(
                "POST /v1/counters/k HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + chunk.repeat(5)
                    + "0\r\n\r\n"))
        .startsWith("HTTP/1.1 413 ")
        .contains("urn:recall:body-too-large");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "a/b"})
  void get_whenItHasABody_isAnsweredAllTheSame(String type) {
    assertThat(node.send("GET", "/example", "x=y", "Content-Type", type).body())
        .isEqualTo("{\"data\":\"value\"}");
  }

  @Test
  void request_whenAChunkIsMalformed_is400() throws IOException {
    assertThat(
            node.exchange(
                "GET /example HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"))
        .startsWith("HTTP/1.1 400 ")
        .contains("urn:recall:malformed");
  }

  @Test
  void request_whenTheBodyIsExactly64KiB_isRead() {
    assertProblem(node.send("POST", "/example", "x".repeat(65_536)), 405, "method-not-allowed");
  }

  @Test
  void request_whenTheUriIsTooLong_is414() {
    assertProblem(node.get("/counter/" + "a".repeat(9_000)), 414, "uri-too-long");
  }

  @Test
  void request_whenTheHeadersAreTooLarge_is431() {
    assertProblem(node.get("/example", "X-Large", "a".repeat(17_000)), 431, "headers-too-large");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/counter/%zz", "/counter/%", "/counter/a%2"})
  void request_whenAnEscapeIsMalformed_is400(String path) throws IOException {
    assertThat(node.exchange("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n"))
        .startsWith("HTTP/1.1 400 ")
        .contains("application/problem+json")
        .contains("urn:recall:malformed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"nonsense\r\n\r\n", "GET /example HTTP/1.1\r\nbad header\r\n\r\n"})
  void request_whenItIsNotHttp_is400(String bytes) throws IOException {
    assertThat(node.exchange(bytes))
        .containsPattern("^HTTP/1.[01] 400 ")
        .contains("application/problem+json")
        .doesNotContain("Exception");
  }

  @Test
  void request_whenThePathIsRawUtf8_isReadAsUtf8() throws IOException {
    assertThat(node.exchange("GET /counter/é HTTP/1.1\r\nHost: localhost\r\n\r\n"))
        .startsWith("HTTP/1.1 200 ")
        .contains("{\"user_id\":\"é\",\"visits\":");
  }

  private static long visits() {
    String body = node.get("/counter/head").body();
    return Long.parseLong(body.replaceAll("[^0-9]", ""));
  }
}
