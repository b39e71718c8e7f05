package dev.recall.origin;

import static dev.recall.origin.ScriptedOrigin.first;
import static dev.recall.origin.ScriptedOrigin.json;
import static dev.recall.origin.ScriptedOrigin.raw;
import static dev.recall.origin.ScriptedOrigin.status;
import static dev.recall.origin.ScriptedOrigin.thenClose;
import static dev.recall.origin.ScriptedOrigin.write;
import static dev.recall.testing.ProblemAssertions.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recall.origin.ScriptedOrigin.Part;
import dev.recall.testing.LoopbackPort;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an origin does that it should not, and what that is to those who ask. */
class OriginIT extends OnOrigin {

  private static final String HEAD = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
  private static final String CHUNKED = HEAD + "Transfer-Encoding: chunked\r\n\r\n";

  OriginIT() {
    super("compute.deadline=5s");
  }

  private void assertFails(Part part, String why) {
    define(origin.url(), "timeout", "2s", "max-bytes", "1KiB");
    origin.on("x", part);

    HttpResponse<String> answer = ask("x");

    assertProblem(answer, 502, "origin-failed");
    assertThat(told(answer)).isEqualTo("502 " + why);
    assertServesOthers();
  }

  private void assertIsLate(Part part) {
    define(origin.url(), "timeout", "200ms");
    origin.on("x", part);

    HttpResponse<String> answer = ask("x");

    assertProblem(answer, 504, "timed-out");
    assertThat(told(answer)).isEqualTo("504 the origin does not answer within 200 ms");
    await().until(() -> origin.cuts() == 1);
    assertThat(origin.asked("x")).isEqualTo(1);
    assertServesOthers();
  }

  /** Whatever happened with one input, others are served, and nothing is pending. */
  private void assertServesOthers() {
    assertThat(told(ask("another"))).isEqualTo("200 {}");
    await().until(() -> node.meter("recall_origin_pending") == 0);
  }

  @Test
  void get_whenTheOriginAnswers_isTheBareResultAndIsAskedOnce() {
    define(origin.url());
    origin.on("x", json("{\"price\": 1}"));

    assertThat(told(ask("x"))).isEqualTo("200 {\"price\": 1}");
    assertThat(told(ask("x"))).isEqualTo("200 {\"price\": 1}");

    assertThat(header(ask("x"), "content-type")).isEqualTo("application/json");
    assertThat(origin.asked("x")).isEqualTo(1);
    assertThat(redis.run("GET", "shop:x")).isEqualTo("{\"price\": 1}");
  }

  @Test
  void get_whenManyAreAskedOneAfterTheOther_keepsItsConnection() {
    define(origin.url());
    int before = origin.connections();

    IntStream.range(0, 40).forEach(i -> ask("input" + i));

    assertThat(origin.asked()).isEqualTo(40);
    assertThat(origin.connections() - before).isLessThanOrEqualTo(4); // one for each event loop
  }

  @Test
  void get_whenTheOriginIsDown_is502() throws IOException {
    define("http://127.0.0.1:" + LoopbackPort.free() + "/{input}");

    assertProblem(ask("x"), 502, "origin-failed");
    assertThat(told(ask("y"))).isEqualTo("502 the origin cannot be asked: it refuses connections");
  }

  @Test
  void get_whenTheOriginHangsBeforeHeaders_is504AndHangsUp() {
    assertIsLate(origin.hang());
  }

  @Test
  void get_whenTheOriginHangsInTheHeaders_is504AndHangsUp() {
    assertIsLate(origin.thenHang(raw(HEAD)));
  }

  @Test
  void get_whenTheOriginHangsInTheBody_is504AndHangsUp() {
    assertIsLate(origin.thenHang(raw(HEAD + "Content-Length: 100\r\n\r\n{")));
  }

  @Test
  void get_whenTheBodyDrips_is504AndHangsUp() {
    assertIsLate(
        origin.thenHang(
            (asked, peer) -> {
              write(peer, HEAD + "Content-Length: 100000\r\n\r\n");
              try {
                for (int i = 0; i < 100_000; i++) {
                  write(peer, " ");
                  peer.setSoTimeout(5);
                  try {
                    if (peer.getInputStream().read() < 0) {
                      return;
                    }
                  } catch (SocketTimeoutException nothing) {
                    // nor is anything sent
                  }
                }
              } catch (IOException cut) {
                // as it should be
              }
            }));
  }

  @Test
  void get_whenTheOriginAnswers500_is502() {
    assertFails(status("500 Oops", "{}"), "the origin answers 500");
  }

  @Test
  void get_whenTheOriginAnswers503WithoutATime_is502() {
    assertFails(status("503 Busy", "{}"), "the origin answers 503");
  }

  @ParameterizedTest
  @ValueSource(strings = {"204 No Content", "206 Partial Content", "201 Created", "304 Same"})
  void get_whenTheOriginAnswersAnotherStatus_is502(String line) {
    assertFails(raw("HTTP/1.1 " + line + "\r\n\r\n"), "the origin answers " + line.substring(0, 3));
  }

  @ParameterizedTest
  @CsvSource({
    "text/html,                              the origin does not answer application/json",
    "application/jsonp,                      the origin does not answer application/json",
    "application/json; charset=iso-8859-1,   the origin does not answer in UTF-8"
  })
  void get_whenTheMediaTypeIsAnother_is502(String type, String why) {
    assertFails(json("{}", "Content-Type: " + type), why);
  }

  @Test
  void get_whenThereIsNoMediaType_is502() {
    assertFails(
        raw("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"),
        "the origin does not answer application/json");
  }

  @ParameterizedTest
  @ValueSource(strings = {"APPLICATION/JSON", "application/json;charset=\"UTF-8\"; v=1"})
  void get_whenTheMediaTypeIsWrittenOtherwise_isTheResult(String type) {
    define(origin.url());
    origin.on("x", json("[1]", "Content-Type: " + type));

    assertThat(told(ask("x"))).isEqualTo("200 [1]");
  }

  @Test
  void get_whenTheBodyIsSaidToBeTooLong_is502AndIsNotRead() {
    assertFails(
        origin.thenHang(raw(HEAD + "Content-Length: 1025\r\n\r\n")),
        "the origin answers more than the 1024 bytes of max-bytes");
    await().until(() -> origin.cuts() == 1);
  }

  @Test
  void get_whenTheBodyIsSaidToBeLongerThanAnything_is502() {
    assertFails(
        raw(HEAD + "Content-Length: 99999999999999\r\n\r\n"),
        "the origin answers more than the 1024 bytes of max-bytes");
  }

  @Test
  void get_whenTheBodyIsTooLongAndDoesNotSaySo_is502AndHangsUp() {
    String piece = "400\r\n" + " ".repeat(1024) + "\r\n";
    assertFails(
        origin.thenHang(raw(CHUNKED + piece + piece)),
        "the origin answers more than the 1024 bytes of max-bytes");
    await().until(() -> origin.cuts() == 1);
  }

  @Test
  void get_whenTheBodyIsAsLongAsItMayBe_isTheResult() {
    define(origin.url(), "max-bytes", "1KiB");
    String body = "\"" + "x".repeat(1022) + "\"";
    origin.on("x", raw(CHUNKED + "400\r\n" + body + "\r\n0\r\n\r\n"));

    assertThat(told(ask("x"))).isEqualTo("200 " + body);
  }

  @Test
  void get_whenTheBodyEndsWithTheConnection_isTheResult() {
    define(origin.url());
    origin.on("x", thenClose(raw(HEAD + "Connection: close\r\n\r\n[2]")));

    assertThat(told(ask("x"))).isEqualTo("200 [2]");
  }

  @Test
  void get_whenTheBodyIsNotUtf8_is502() {
    byte[] invalid =
        (HEAD + "Content-Length: 3\r\n\r\n\"\u00ff\"").getBytes(StandardCharsets.ISO_8859_1);
    assertFails((asked, peer) -> write(peer, invalid), "the origin does not answer in UTF-8");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "br", "identity, gzip"})
  void get_whenTheBodyIsCompressed_is502(String encoding) {
    assertFails(
        json("{}", "Content-Encoding: " + encoding),
        "the origin answers in an encoding that was not asked for");
  }

  @ParameterizedTest
  @ValueSource(strings = {"301 Moved", "302 Found", "307 Again", "308 Gone"})
  void get_whenTheOriginRedirectsToAnotherHost_is502AndNobodyElseIsAsked(String line) {
    try (ScriptedOrigin other = new ScriptedOrigin()) {
      assertFails(
          status(line, "{}", "Location: " + other.url().replace("{input}", "x")),
          "the origin answers " + line.substring(0, 3));
      assertThat(other.connections()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"NONSENSE\r\n\r\n", "HTTP/9.9 200 OK\r\n\r\n", "\r\n\r\n\0\0\0\r\n\r\n"})
  void get_whenTheOriginDoesNotSpeakHttp_is502AndIsNotAskedAgain(String answer) {
    assertFails(thenClose(raw(answer)), "the origin cannot be asked: the connection fails");
    assertThat(origin.asked("x")).isEqualTo(1);
  }

  @Test
  void get_whenTheHeadersNeverEnd_is502() {
    assertFails(
        (asked, peer) -> {
          OutputStream out = peer.getOutputStream();
          out.write(HEAD.getBytes(StandardCharsets.UTF_8));
          for (int i = 0; i < 100_000; i++) {
            out.write(
                ("X-" + i + ": " + "y".repeat(100) + "\r\n").getBytes(StandardCharsets.UTF_8));
          }
        },
        "the origin cannot be asked: the connection fails");
    assertThat(origin.asked("x")).isEqualTo(1);
  }

  @Test
  void get_whenTheConnectionBreaksBeforeAByte_isAskedOnceMore() {
    define(origin.url());
    origin.on("x", first(thenClose(raw("")), json("[3]")));

    assertThat(told(ask("x"))).isEqualTo("200 [3]");
    assertThat(origin.asked("x")).isEqualTo(2);
  }

  @Test
  void get_whenTheConnectionAlwaysBreaks_isAskedTwiceAndIs502() {
    assertFails(thenClose(raw("")), "the origin cannot be asked: the connection fails");
    assertThat(origin.asked("x")).isEqualTo(2);
  }

  @Test
  void get_whenTheConnectionBreaksInTheHead_isNotAskedAgainAndIs502() {
    assertFails(
        thenClose(raw("HTTP/1.1 200 O")), "the origin cannot be asked: the connection fails");
    assertThat(origin.asked("x")).isEqualTo(1);
  }

  @Test
  void get_whenTheConnectionBreaksInTheBody_isNotAskedAgainAndIs502() {
    assertFails(
        thenClose(raw(HEAD + "Content-Length: 100\r\n\r\n{\"half")),
        "the origin's answer broke off");
    assertThat(origin.asked("x")).isEqualTo(1);
  }

  @Test
  void get_whenAChunkIsMalformed_isNotAskedAgainAndIs502() {
    assertFails(thenClose(raw(CHUNKED + "xyz\r\n{}\r\n")), "the origin's answer broke off");
    assertThat(origin.asked("x")).isEqualTo(1);
  }

  @Test
  void get_whenTheOriginHasAnAddressOfIpv6_isTheResult() {
    try (ScriptedOrigin sixth = new ScriptedOrigin("::1")) {
      define("http://[::1]:" + sixth.port() + "/{input}");

      assertThat(told(ask("x"))).isEqualTo("200 {}");
      assertThat(sixth.last().header("host")).isEqualTo("[::1]:" + sixth.port());
    }
  }

  @Test
  void get_whenTheAddressIsNotPermitted_is502AndIsNotConnectedTo() {
    try (ScriptedOrigin elsewhere = new ScriptedOrigin("0.0.0.0")) {
      define("http://0.0.0.0:" + elsewhere.port() + "/{input}");

      assertThat(told(ask("x")))
          .isEqualTo("502 origins.allow does not permit the address of the origin");
      assertThat(elsewhere.connections()).isZero();
    }
  }

  @Test
  void get_whenTheOriginHasRestarted_isTheResult() throws IOException {
    define(origin.url());
    ask("before");

    origin.cutAll();

    assertThat(told(ask("x"))).isEqualTo("200 {}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../admin",
        "%2e%2e",
        "?x=",
        "#",
        "a/b",
        "a b",
        "a+b",
        "é",
        "😀",
        "{input}",
        "a&b=c;d",
        "...",
        "@evil.test",
        "//evil.test/",
        "\\\\evil.test",
        "https://evil.test/",
        "a%00",
        "%",
        "%zz"
      })
  void get_whateverTheInput_staysInItsPlace(String input) {
    define("http://127.0.0.1:" + origin.port() + "/p/{input}?full=true");

    assertThat(told(ask(input))).isEqualTo("200 {}");

    assertThat(origin.last().input()).isEqualTo(input);
    assertThat(origin.last().target()).matches("/p/[A-Za-z0-9._~%-]+\\?full=true");
    assertThat(origin.last().header("host")).isEqualTo("127.0.0.1:" + origin.port());
    assertThat(redis.run("GET", "shop:" + input)).isEqualTo("{}");
  }

  @Test
  void get_whenTheInputIsAValueOfTheQuery_staysInItsPlace() {
    define("http://127.0.0.1:" + origin.port() + "/p?id={input}&full=true");

    ask("a&b=c#d?e/f g");

    assertThat(origin.last().target()).isEqualTo("/p?id=a%26b%3Dc%23d%3Fe%2Ff%20g&full=true");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "..",
        "%2e",
        "%2e%2e",
        "%2E.",
        "a%0d%0aX-Evil:%20yes",
        "a%0Ab",
        "a%00",
        "%ff",
        "%zz"
      })
  void get_whenTheInputIsNone_isRefusedAndTheOriginIsNotAsked(String segment) {
    define(origin.url());

    String answer = exchange(segment);

    assertThat(answer).matches("(?s)HTTP/1.1 4(00|04|22) .*");
    assertThat(origin.asked()).isZero();
  }

  @Test
  void get_whenTheInputIsAsLongAsANameOrLonger_isAskedOrRefused() {
    define(origin.url());

    assertThat(told(ask("é".repeat(128)))).isEqualTo("200 {}");
    assertProblem(ask("é".repeat(128) + "x"), 422, "invalid");

    assertThat(origin.asked()).isEqualTo(1);
  }

  /** As it is, since clients mend what is sent. */
  private String exchange(String segment) {
    try {
      return node.exchange(
          "GET /v1/results/shop/"
              + segment
              + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    } catch (IOException failed) {
      throw new AssertionError(failed);
    }
  }

  @Test
  void post_whenTenThousandInputsAreAskedAtOnce_asksForFewAtATimeAndAnswersAll() {
    define(origin.url(), "max-in-flight", "20");
    origin.otherwise(
        (asked, peer) -> {
          Thread.onSpinWait();
          json("{}").play(asked, peer);
        });
    int each = 500;

    List<CompletableFuture<HttpResponse<String>>> all =
        IntStream.range(0, 20)
            .mapToObj(
                block ->
                    CompletableFuture.supplyAsync(
                        () -> node.sendJson("POST", "/v1/cache/shop", inputs(block, each))))
            .toList();

    Map<String, Integer> kinds = new HashMap<>();
    int made = 0;
    int refused = 0;
    for (CompletableFuture<HttpResponse<String>> one : all) {
      if (one.join().statusCode() == 503) { // too many requests for many results
        refused += each;
        continue;
      }
      for (Object result : new JsonObject(one.join().body()).getJsonArray("results")) {
        JsonObject error = ((JsonObject) result).getJsonObject("error");
        made += error == null ? 1 : 0;
        refused += error == null ? 0 : 1;
        if (error != null) {
          kinds.merge(error.getString("type"), 1, Integer::sum);
        }
      }
    }
    assertThat(made).isPositive();
    assertThat(made + refused).isEqualTo(20 * each);
    assertThat(kinds.keySet()) // what so many misses at once are to Redis, too, on a busy machine
        .isSubsetOf(
            "urn:recall:overloaded", "urn:recall:redis-unavailable", "urn:recall:timed-out");
    assertThat(origin.asked()).isGreaterThanOrEqualTo(made).isLessThan(20 * each);
    assertThat(origin.mostAtATime()).isLessThanOrEqualTo(20);
    assertServesOthers();
  }

  private static String inputs(int block, int many) {
    JsonArray inputs = new JsonArray();
    IntStream.range(0, many).forEach(i -> inputs.add("input-" + block + "-" + i));
    return new JsonObject().put("inputs", inputs).encode();
  }

  @Test
  void get_whenTheOriginFails_isNotAskedAgainForTheSameInputForASecond() {
    define(origin.url());
    origin.on("x", status("500 Oops", "{}"));

    HttpResponse<String> answer = ask("x");
    assertThat(told(ask("x"))).isEqualTo("502 the origin answers 500");

    assertThat(header(answer, "retry-after")).isEqualTo("1");
    assertThat(origin.asked("x")).isEqualTo(1);
    origin.on("x", json("[4]"));
    await().until(() -> ask("x").statusCode() == 200);
    assertThat(origin.asked("x")).isEqualTo(2);
  }

  @Test
  void get_whenTheDefinitionChangesMeanwhile_isAnsweredAsItWasAskedAndTheNextAsDefined() {
    define(origin.url(), "version", "1");
    origin.on("x", origin.held(json("[1]")));
    CompletableFuture<HttpResponse<String>> before = node.getAsync(path("x"));
    await().until(() -> origin.asked("x") == 1);

    try (ScriptedOrigin other = new ScriptedOrigin()) {
      other.on("x", json("[2]"));
      define(other.url(), "version", "2");
      assertThat(told(ask("x"))).isEqualTo("200 [2]");
      origin.release(1);

      assertThat(told(before.join())).isEqualTo("200 [1]");
      assertThat(told(ask("x"))).isEqualTo("200 [2]");
      assertThat(redis.run("GET", "shop@1:x")).isEqualTo("[1]");
      assertThat(redis.run("GET", "shop@2:x")).isEqualTo("[2]");
    }
  }

  @Test
  void delete_ofTheDefinitionWhileItIsAsked_answersWhoWaitsAndKeepsNothing() {
    define(origin.url());
    origin.on("x", origin.held(json("[1]")));
    CompletableFuture<HttpResponse<String>> before = node.getAsync(path("x"));
    await().until(() -> origin.asked("x") == 1);

    assertThat(node.send("DELETE", "/v1/computations/shop", "").statusCode()).isEqualTo(204);
    origin.release(1);

    assertThat(told(before.join())).isEqualTo("200 [1]");
    assertProblem(ask("x"), 404, "no-such-computation");
    assertThat(redis.number("EXISTS", "shop:x")).isZero();
    assertThat(node.manage("/metrics").body().lines())
        .noneMatch(line -> line.startsWith("recall_origin_"));
  }
}
