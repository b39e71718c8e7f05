package dev.recall.client;

import static dev.recall.client.OnNode.assertFails;
import static dev.recall.client.OnNode.got;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import dev.recall.testing.LoopbackPort;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A client where nothing answers, or something else than a node. */
class AwayTest {

  private static final ClientOptions HASTY = ClientOptions.DEFAULT.timeout(Duration.ofMillis(200));

  private final Vertx vertx = Vertx.vertx();
  private final AtomicInteger asked = new AtomicInteger();

  @AfterEach
  void close() {
    got(vertx.close());
  }

  /** A client of what answers so. */
  private RecallClient of(Handler<NetSocket> server, ClientOptions options) {
    NetServer listening =
        got(vertx.createNetServer().connectHandler(server).listen(0, "127.0.0.1"));
    return at(listening.actualPort(), options);
  }

  private RecallClient at(int port, ClientOptions options) {
    return RecallClient.overHttp(vertx, URI.create("http://127.0.0.1:" + port), options);
  }

  /** One that counts requests, and answers each with this, or hangs up where it is empty. */
  private Handler<NetSocket> answering(String answer) {
    return socket ->
        socket.handler(
            request -> {
              asked.incrementAndGet();
              if (answer.isEmpty()) {
                socket.close();
              } else {
                socket.write(answer);
              }
            });
  }

  private static String http(int status, String headers, String body) {
    return "HTTP/1.1 %d X\r\n%scontent-length: %d\r\n\r\n%s"
        .formatted(status, headers, body.length(), body);
  }

  @Test
  void overHttp_whenNobodyListens_hasNoServer() throws IOException {
    RecallClient client = at(LoopbackPort.free(), ClientOptions.DEFAULT);

    assertFails(client.counters().add("n"), Failure.NO_SERVER);
    assertFails(client.lock("l", Duration.ofSeconds(1), Duration.ofSeconds(1)), Failure.NO_SERVER);
  }

  @Test
  void overBus_whenNobodyListens_hasNoServer() {
    RecallClient client = RecallClient.overBus(vertx);

    assertFails(client.counters().add("n"), Failure.NO_SERVER);
    assertThat(got(client.remember("report", "x", () -> Future.succeededFuture("made"))))
        .isEqualTo("made");
  }

  @Test
  void overHttp_whenNothingIsAnswered_timesOutAndHangsUp() {
    AtomicInteger closed = new AtomicInteger();
    RecallClient client =
        of(
            socket -> socket.closeHandler(gone -> closed.incrementAndGet()).handler(bytes -> {}),
            HASTY);

    assertFails(client.counters().add("n"), Failure.TIMED_OUT);
    await().until(() -> closed.get() == 1);
  }

  @Test
  void overHttp_whenAnAnswerDripsForEver_timesOut() {
    RecallClient client =
        of(
            socket -> {
              socket.write("HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n");
              vertx.setPeriodic(20, drip -> socket.write("x"));
            },
            HASTY);

    assertFails(client.results().get("report", "x"), Failure.TIMED_OUT);
  }

  @Test
  void overBus_whenNothingIsAnswered_timesOut() {
    got(vertx.eventBus().consumer("recall.v1.counter.add", message -> {}).completion());

    assertFails(RecallClient.overBus(vertx, HASTY).counters().add("n"), Failure.TIMED_OUT);
  }

  @Test
  void remember_afterAnAnswerThatDidNotCome_doesNotAskForAsLong() {
    RecallClient client =
        of(answering("HTTP/1.1 200 OK\r\n"), HASTY.timeout(Duration.ofSeconds(2)));

    for (int i = 0; i < 5; i++) {
      assertThat(got(client.remember("report", "x", () -> Future.succeededFuture("made"))))
          .isEqualTo("made");
    }

    assertThat(asked.get()).isLessThan(5);
  }

  @Test
  void overHttp_whenTheConnectionIsLost_asksAgainOnlyWhereThatDoesNoHarm() {
    RecallClient client = of(answering(""), ClientOptions.DEFAULT);

    assertFails(client.counters().get("n"), Failure.NO_SERVER);
    assertThat(asked).hasValue(2);
    assertFails(client.counters().add("n"), Failure.OUTCOME_UNKNOWN);
    assertThat(asked).hasValue(3);
  }

  @ParameterizedTest
  @CsvSource({
    "502, '<html>'",
    "404, ''",
    "503, '{\"type\":\"about:blank\"}'",
    "418, '{\"type\":\"urn:recall:of-tomorrow\",\"detail\":\"?\"}'",
    "302, ''",
    "200, '<html>'",
    "200, '[]'",
    "200, '{\"id\":7}'"
  })
  void overHttp_whenSomethingElseAnswers_saysSo(int status, String body) {
    RecallClient client = of(answering(http(status, "", body)), ClientOptions.DEFAULT);

    assertFails(client.counters().get("n"), Failure.ORIGIN_FAILED);
  }

  @Test
  void overHttp_whenANodeRefuses_isThatFailureAndWhenToAskAgain() {
    String problem = "{\"type\":\"urn:recall:overloaded\",\"detail\":\"too much\"}";
    RecallClient client =
        of(answering(http(503, "retry-after: 7\r\n", problem)), ClientOptions.DEFAULT);

    FailureException failure = assertFails(client.counters().get("n"), Failure.OVERLOADED);

    assertThat(failure.detail()).isEqualTo("too much");
    assertThat(failure.retryAfter()).isEqualTo(Duration.ofSeconds(7));
  }

  @Test
  void overHttp_whenAnAnswerIsLongerThanAny_isTooLarge() {
    long length = HttpExchange.MAX_ANSWER + 1L;
    RecallClient client =
        of(
            socket -> {
              socket.write("HTTP/1.1 200 OK\r\ncontent-length: " + length + "\r\n\r\n");
              String piece = "x".repeat(1 << 20);
              for (int i = 0; i < 64; i++) {
                socket.write(piece);
              }
              socket.write("x");
            },
            ClientOptions.DEFAULT.timeout(Duration.ofSeconds(50)));

    assertFails(client.results().get("report", "x"), Failure.RESULT_TOO_LARGE);
  }

  @Test
  void anything_whenTooMuchIsInFlight_isRefused() {
    got(vertx.eventBus().consumer("recall.v1.counter.add", message -> {}).completion());
    RecallClient client = RecallClient.overBus(vertx, ClientOptions.DEFAULT.maxInFlight(2));
    client.counters().add("n").onFailure(late -> {});
    client.counters().add("n").onFailure(late -> {});

    assertFails(client.counters().add("n"), Failure.OVERLOADED);
  }

  @Test
  void overHttp_withATokenAndAPath_sendsThemWithEachRequest() {
    NetServer server =
        got(
            vertx
                .createNetServer()
                .connectHandler(
                    socket ->
                        socket.handler(
                            request -> {
                              boolean isProven =
                                  request.toString().contains("authorization: Bearer s3cret\r\n")
                                      && request
                                          .toString()
                                          .startsWith("GET /recall/v1/counters/n ");
                              String value = isProven ? "7" : "0";
                              socket.write(http(200, "", "{\"id\":\"n\",\"value\":" + value + "}"));
                            }))
                .listen(0, "127.0.0.1"));
    RecallClient client =
        RecallClient.overHttp(
            vertx,
            URI.create("http://127.0.0.1:" + server.actualPort() + "/recall/"),
            ClientOptions.DEFAULT.token("s3cret"));

    assertThat(got(client.counters().get("n"))).isEqualTo(7);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ftp://host", "host:80", "http:///x", "http://u:p@host", "http://h?q"})
  void overHttp_ofWhatIsNoAddress_isRefused(String uri) {
    assertThatThrownBy(() -> RecallClient.overHttp(vertx, URI.create(uri)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
