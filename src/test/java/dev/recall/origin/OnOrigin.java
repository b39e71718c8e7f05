package dev.recall.origin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recall.testing.Node;
import dev.recall.testing.RunningNode;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;

/**
 * One node, and an origin whose results it is asked for by a computation that each test defines.
 */
class OnOrigin extends RunningNode {

  private static final String NAME = "shop";

  final ScriptedOrigin origin = new ScriptedOrigin();

  OnOrigin(String... flags) {
    super(flags);
  }

  @BeforeEach
  void forget() {
    origin.reset();
  }

  @AfterAll
  void closeOrigin() {
    origin.close();
  }

  /** Defines the computation: an origin that no test has failed yet. */
  void define(String url, String... pairs) {
    define(node, url, pairs);
  }

  static void define(Node node, String url, String... pairs) {
    JsonObject definition = new JsonObject().put("url", url).put("ttl", "60s");
    for (int i = 0; i < pairs.length; i += 2) {
      definition.put(pairs[i], pairs[i + 1]);
    }
    HttpResponse<String> defined =
        node.sendJson("PUT", "/v1/computations/" + NAME, definition.encode());
    assertThat(defined.statusCode()).describedAs(defined.body()).isIn(200, 201);
  }

  /** Asks for a result. */
  HttpResponse<String> ask(String input) {
    return ask(node, input);
  }

  static HttpResponse<String> ask(Node node, String input, String... headers) {
    return node.get(path(input), headers);
  }

  /** Where a result is. */
  static String path(String input) {
    return "/v1/results/"
        + NAME
        + "/"
        + URLEncoder.encode(input, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** What is written of an answer in one line: its status, and the failure or the body. */
  static String told(HttpResponse<String> answer) {
    return answer.statusCode() == 200
        ? "200 " + answer.body()
        : answer.statusCode() + " " + new JsonObject(answer.body()).getString("detail");
  }
}
