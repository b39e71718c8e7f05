package dev.recall.origin;

import static dev.recall.origin.ScriptedOrigin.json;
import static dev.recall.origin.ScriptedOrigin.raw;
import static dev.recall.origin.ScriptedOrigin.status;
import static dev.recall.origin.ScriptedOrigin.thenClose;
import static dev.recall.origin.ScriptedOrigin.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.recall.testing.LoopbackPort;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What is sent to an origin as a header is told to nobody else, whatever goes wrong. */
class OriginSecretIT extends OnOrigin {

  private static final String SECRET = "s3cr3t-0f-the-0r1g1n";

  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  private final Logger ours = (Logger) LoggerFactory.getLogger("dev.recall");
  private final List<String> told = new ArrayList<>();

  @BeforeEach
  void listen() {
    log.list.clear();
    log.start();
    root.addAppender(log);
    ours.setLevel(Level.DEBUG);
  }

  @AfterEach
  void listenNoMore() {
    root.detachAppender(log);
    ours.setLevel(null);
  }

  private HttpResponse<String> put(Object headers, String... more) {
    JsonObject definition = new JsonObject().put("url", origin.url()).put("ttl", "60s");
    for (int i = 0; i < more.length; i += 2) {
      definition.put(more[i], more[i + 1]);
    }
    HttpResponse<String> answer =
        node.sendJson("PUT", "/v1/computations/shop", definition.put("headers", headers).encode());
    told.add(answer.body() + answer.headers());
    return answer;
  }

  private void get(String input) {
    HttpResponse<String> answer = ask(input);
    told.add(answer.body() + answer.headers());
  }

  private void assertToldNobody() {
    told.add(node.get("/v1/computations").body());
    told.add(node.get("/v1/computations/shop").body());
    told.add(node.manage("/metrics").body());
    for (ILoggingEvent event : List.copyOf(log.list)) {
      told.add(event.getFormattedMessage());
      told.add(event.getThrowableProxy() == null ? "" : event.getThrowableProxy().getMessage());
    }
    assertThat(told).noneMatch(text -> text != null && text.contains(SECRET));
  }

  @Test
  void get_whateverTheOriginDoes_tellsNothingOfItsHeaders() throws IOException {
    JsonObject headers = new JsonObject().put("Authorization", "Bearer " + SECRET).put("X-A", "b");
    assertThat(put(headers, "timeout", "200ms").statusCode()).isEqualTo(201);
    origin.on("failing", status("500 " + SECRET, SECRET));
    origin.on("missing", status("404 " + SECRET, SECRET));
    origin.on("later", status("400 " + SECRET, SECRET));
    origin.on("hanging", origin.hang());
    origin.on("broken", thenClose(raw("")));
    origin.on("echo", (asked, peer) -> write(peer, asked.header("authorization") + "\r\n\r\n"));
    origin.on(
        "echoing-headers",
        (asked, peer) -> write(peer, "HTTP/1.1 200 OK\r\n" + asked.headers() + "\r\n\r\n"));
    origin.on("type", json(SECRET, "Content-Type: text/" + SECRET));

    for (String input :
        List.of("x", "failing", "missing", "later", "hanging", "broken", "echo", "type")) {
      get(input);
      assertThat(origin.last().header("authorization")).isEqualTo("Bearer " + SECRET);
      assertThat(origin.last().header("x-a")).isEqualTo("b");
    }
    get("echoing-headers");
    put(headers.copy(), "url", "http://127.0.0.1:" + LoopbackPort.free() + "/{input}");
    get("refused");
    put(headers.copy(), "url", "http://192.0.2.1/{input}", "timeout", "100ms");
    get("elsewhere");

    assertToldNobody();
  }

  @Test
  void put_whenHeadersAreMalformed_isRefusedAndTellsNothingOfThem() {
    List<JsonObject> malformed =
        List.of(
            new JsonObject().put("Host", SECRET),
            new JsonObject().put("A", SECRET + "\r\nHost: evil"),
            new JsonObject().put("A", SECRET + "\nB: x"),
            new JsonObject().put("A", SECRET + "\u2028B: x"),
            new JsonObject().put("A", "é" + SECRET),
            new JsonObject().put("A: " + SECRET, "x"),
            new JsonObject().put("A: " + SECRET + "\nB", "x"),
            new JsonObject().put("A", new JsonObject().put("b", SECRET)),
            new JsonObject().put("A", 7),
            new JsonObject().putNull("A"),
            new JsonObject().put("", SECRET));
    for (JsonObject headers : malformed) {
      HttpResponse<String> answer = put(headers);

      assertThat(answer.statusCode()).describedAs(headers.encode()).isEqualTo(422);
      assertThat(faultsOf(answer)).containsExactly("body headers");
    }
    put("A: " + SECRET + "\nB", "ttl", "soon");
    put(List.of(SECRET));

    assertToldNobody();
  }

  @Test
  void follow_whenADefinitionInRedisIsMalformed_tellsNothingOfIt() {
    List<String> malformed =
        List.of(
            "{\"headers\": " + SECRET + "}",
            SECRET,
            "[\"" + SECRET + "\"]",
            "{\"url\":\"x\",\"headers\":{\"A\":\"é" + SECRET + "\"}}",
            "{\"ttl\":\"60s\",\"headers\":\"" + SECRET + "\"}");
    for (int i = 0; i < malformed.size(); i++) {
      redis.run("HSET", "recall:computations", "malformed-" + i, malformed.get(i));
    }
    redis.run("HSET", "recall:computations", "well", "{\"by\":\"callers\",\"ttl\":\"60s\"}");

    await().until(() -> node.get("/v1/computations/well").statusCode() == 200);
    await()
        .untilAsserted(
            () ->
                assertThat(List.copyOf(log.list))
                    .filteredOn(event -> event.getFormattedMessage().contains("malformed-"))
                    .extracting(
                        event ->
                            event.getFormattedMessage().replaceFirst(".*(malformed-.).*", "$1"))
                    .contains(
                        "malformed-0", "malformed-1", "malformed-2", "malformed-3", "malformed-4"));

    assertToldNobody();
  }

  @Test
  void put_whenItIsNotClearWhoMakesResults_isAFaultOfTheWhole() {
    HttpResponse<String> answer =
        node.sendJson("PUT", "/v1/computations/shop", new JsonObject().put("ttl", "1s").encode());

    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(faultsOf(answer)).containsExactly("body");
  }

  @Test
  void put_whenItDoesNotFitThisNode_saysWhy() {
    HttpResponse<String> answer =
        put(new JsonObject().put("A", "b"), "timeout", "11s", "max-bytes", "1GiB", "tll", "60s");
    HttpResponse<String> fitting = put(new JsonObject().put("A", "b"), "timeout", "10s");

    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(faultsOf(answer)).contains("body tll");
    assertThat(fitting.statusCode()).isEqualTo(201);
    HttpResponse<String> longer =
        put(new JsonObject().put("A", "b"), "timeout", "11s", "max-bytes", "1GiB");
    assertThat(faultsOf(longer)).containsExactly("body timeout", "body max-bytes");
  }
}
