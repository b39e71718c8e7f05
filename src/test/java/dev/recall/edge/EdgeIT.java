package dev.recall.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recall.config.Budget;
import dev.recall.config.Deadlines;
import dev.recall.testing.RawCaller;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What peers can make one port hold, and for how long, with room for little and no patience. */
class EdgeIT {

  private static final int CONNECTIONS = 8;
  private static final Deadlines.Peers SHORT =
      new Deadlines.Peers(
          Duration.ofMillis(500),
          Duration.ofMillis(500),
          Duration.ofMillis(500),
          4_096,
          1 << 20,
          Duration.ofSeconds(30),
          Duration.ofSeconds(2));
  private static final Budget.Port LITTLE =
      new Budget.Port(CONNECTIONS * 12_288 + 4_096, 65_536, 36 << 20, 1 << 20);
  private static final String GET = "GET /now HTTP/1.1\r\nHost: localhost\r\n\r\n";
  private static final String HOLD = "GET /hold HTTP/1.1\r\nHost: localhost\r\n\r\n";

  private final MeterRegistry meters = new SimpleMeterRegistry();
  private final Queue<HttpServerRequest> held = new ConcurrentLinkedQueue<>();
  private final List<RawCaller> callers = new ArrayList<>();
  private final Vertx vertx = Vertx.vertx();
  private int port;

  @BeforeAll
  static void enable() {
    AcceptedChannels.enable();
  }

  @BeforeEach
  void start() {
    Edge edge =
        new Edge("test", Names.of("127.0.0.1", Set.of()), LITTLE, SHORT, System::nanoTime, meters);
    Port server = new Port(edge);
    vertx.deployVerticle(server).toCompletionStage().toCompletableFuture().join();
    port = server.port;
  }

  @AfterEach
  void stop() throws Exception {
    for (RawCaller caller : callers) {
      caller.close();
    }
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  @Test
  void connect_whenAllAreIdle_closesTheLongestIdle() throws IOException {
    List<RawCaller> idle = new ArrayList<>();
    for (int i = 0; i < CONNECTIONS; i++) {
      idle.add(caller());
      assertThat(idle.get(i).send(GET).readUntil("now", 1)).contains(" 200 ");
    }
    assertThat(idle.get(0).send(GET).readUntil("now", 1)).contains(" 200 ");

    assertThat(caller().send(GET).readUntil("now", 1)).contains(" 200 ");

    assertThat(idle.get(1).readToEnd()).isEmpty();
    assertThat(idle.get(0).send(GET).readUntil("now", 1)).contains(" 200 ");
    assertThat(idle.get(2).send(GET).readUntil("now", 1)).contains(" 200 ");
    assertThat(cut("connections")).isEqualTo(1);
  }

  @Test
  void connect_whenNothingWasEverSent_countsAllTheSame() throws IOException {
    RawCaller silent = caller();
    for (int i = 0; i < CONNECTIONS; i++) {
      caller();
    }

    assertThat(silent.readToEnd()).isEmpty();
    assertThat(meters.get("recall.http.connections").gauge().value()).isEqualTo(CONNECTIONS);
  }

  @Test
  void connect_whenAllWaitForTheirAnswer_closesTheNewOne() throws IOException {
    List<RawCaller> busy = new ArrayList<>();
    for (int i = 0; i < CONNECTIONS; i++) {
      busy.add(caller().send(HOLD));
    }
    await().until(() -> held.size() == CONNECTIONS);

    assertThat(caller().readToEnd()).isEmpty();

    answerHeld();
    for (RawCaller one : busy) {
      assertThat(one.readUntil("held", 1)).contains(" 200 ");
    }
  }

  @Test
  void header_whenItDoesNotEnd_isCut() throws IOException {
    RawCaller slow = caller().send("GET /now HTTP/1.1\r\nHost: local");

    assertThat(slow.readToEnd()).doesNotContain(" 200 ");
    assertThat(cut("header")).isEqualTo(1);
  }

  @Test
  void header_inManyParts_isReadAsOne() throws IOException {
    RawCaller caller = caller();
    for (int i = 0; i < GET.length(); i++) {
      caller.send(GET.substring(i, i + 1));
    }

    assertThat(caller.readUntil("now", 1)).contains(" 200 ");
  }

  @Test
  void body_whenItDoesNotEnd_isCut() throws IOException {
    String head = "POST /body HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n";

    assertThat(caller().send(head + "x").readToEnd()).isEmpty();
    assertThat(cut("body")).isEqualTo(1);
  }

  @Test
  void trailers_whenTheyDoNotEnd_areCut() throws IOException {
    String head = "POST /body HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n";

    assertThat(caller().send(head + "0\r\na: b\r\n").readToEnd()).isEmpty();
    assertThat(cut("body")).isEqualTo(1);
  }

  @Test
  void bodies_whenTheyAreMoreThanFit_cutTheLongest() throws IOException {
    String head = "POST /body HTTP/1.1\r\nHost: localhost\r\nContent-Length: 50000\r\n\r\n";
    RawCaller first = caller().send(head + "x".repeat(40_000));
    await().until(() -> meters.get("recall.http.connections").gauge().value() == 1);

    RawCaller second = caller().send(head + "x".repeat(50_000));

    assertThat(second.readUntil("body", 1)).contains(" 200 ");
    assertThat(first.readToEnd()).isEmpty();
    assertThat(cut("bodies")).isEqualTo(1);
  }

  @Test
  void request_whenItIsNotAnswered_isCut() throws IOException {
    assertThat(caller().send(HOLD).readToEnd()).isEmpty();
    assertThat(cut("request")).isEqualTo(1);
  }

  @Test
  void pipeline_whileARequestIsNotAnswered_isNotDecoded() throws IOException {
    caller().send(HOLD.repeat(500));
    await().until(() -> !held.isEmpty());
    caller().send(GET).readUntil("now", 1);

    assertThat(held).hasSize(1);
  }

  @Test
  void pipeline_whenAnswersAreTaken_isAnsweredInOrder() throws IOException {
    StringBuilder requests = new StringBuilder();
    for (int i = 0; i < 1_000; i++) {
      requests.append("GET /echo").append(i).append(" HTTP/1.1\r\nHost: localhost\r\n\r\n");
    }

    String answers = caller().send(requests.toString()).readUntil("echo999.", 1);

    int at = 0;
    for (int i = 0; i < 1_000; i++) {
      at = answers.indexOf("/echo" + i + ".", at);
      assertThat(at).as("answer %d", i).isPositive();
    }
  }

  @Test
  void answer_whenItIsNotTaken_isCut() throws IOException {
    RawCaller caller = small().send("GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n");

    await().until(() -> cut("answer") == 1);
    assertThat(caller.readToEnd()).doesNotContain("end of large");
  }

  @Test
  void answer_whenItIsLarge_comesWhole() throws IOException {
    assertThat(
            caller()
                .send("GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n")
                .readUntil("end of large", 1))
        .contains("content-length: " + LARGE.length())
        .endsWith("end of large");
  }

  @Test
  void answers_whenOthersAreNotTaken_cutTheLongestStalled() throws IOException {
    RawCaller stalled = stalled();
    RawCaller other = stalled();

    await()
        .until(
            () ->
                caller()
                    .send("GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n")
                    .readUntil("end of", 1)
                    .contains(" 200 "));

    assertThat(cut("answers") + cut("answer")).isPositive();
    assertThat(stalled.readToEnd().length() + other.readToEnd().length())
        .isLessThan(2 * LARGE.length());
  }

  @Test
  void upgrade_isNotTaken_andWhatFollowsIsReleased() throws IOException {
    RawCaller caller =
        caller()
            .send(
                String.join(
                    "\r\n",
                    "GET /now HTTP/1.1",
                    "Host: localhost",
                    "Connection: Upgrade, HTTP2-Settings",
                    "Upgrade: h2c",
                    "HTTP2-Settings: AAMAAABk",
                    "",
                    ""));

    assertThat(caller.readUntil("now", 1)).startsWith("HTTP/1.1 200 ");
    assertThat(caller.send(GET).readUntil("now", 1)).startsWith("HTTP/1.1 200 ");
  }

  private static final String LARGE = "x".repeat(16 << 20) + "end of large";

  private RawCaller caller() throws IOException {
    callers.add(new RawCaller(port));
    return callers.get(callers.size() - 1);
  }

  private RawCaller small() throws IOException {
    callers.add(new RawCaller(port, 4_096));
    return callers.get(callers.size() - 1);
  }

  // An answer of the test before may not be let go yet, and this one be refused for it.
  private RawCaller stalled() {
    Deque<RawCaller> tried = new ArrayDeque<>();
    await()
        .until(
            () -> {
              tried.add(small().send("GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n"));
              return tried.getLast().readUntil("x", 1).contains(" 200 ");
            });
    return tried.getLast();
  }

  private double cut(String cause) {
    return meters.get("recall.http.cut").tag("cause", cause).counter().count();
  }

  private void answerHeld() {
    held.forEach(
        request -> vertx.runOnContext(now -> Exchange.of(request).end(Buffer.buffer("held"))));
  }

  /** A server with a route for each kind of answer. */
  private final class Port extends VerticleBase {

    private final Edge edge;
    private volatile int port;

    Port(Edge edge) {
      this.edge = edge;
    }

    @Override
    public Future<?> start() {
      HttpServer server = edge.server(vertx, this::answer, request -> request.response().end());
      return server.listen(0, "127.0.0.1").onSuccess(bound -> port = bound.actualPort());
    }

    private void answer(HttpServerRequest request) {
      Exchange exchange = Exchange.of(request);
      switch (request.path()) {
        case "/now" -> exchange.end(Buffer.buffer("now"));
        case "/hold" -> held.add(request);
        case "/large" -> large(request, exchange);
        case "/body" -> {
          exchange.awaitBody();
          request.handler(part -> exchange.receive(part.length()));
          request.endHandler(
              end -> {
                exchange.bodyEnded();
                exchange.end(Buffer.buffer("body"));
              });
        }
        default -> exchange.end(Buffer.buffer(request.path() + "."));
      }
    }

    private void large(HttpServerRequest request, Exchange exchange) {
      if (exchange.hasRoom(LARGE.length())) {
        exchange.end(Buffer.buffer(LARGE));
      } else {
        request.response().setStatusCode(503);
        exchange.end(Buffer.buffer("end of room"));
      }
    }
  }
}
