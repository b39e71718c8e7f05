package dev.recall.client;

import dev.recall.failure.FailureException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A request over HTTP.
 *
 * @param path with the query
 * @param body empty where there is none
 */
record HttpAsk(HttpMethod method, String path, Map<String, String> headers, Buffer body) {

  /** One without a body. */
  static HttpAsk of(HttpMethod method, String path) {
    return new HttpAsk(method, path, Map.of(), Buffer.buffer());
  }

  /**
   * One with JSON.
   *
   * @param elsewhere the fields that stand in the path or in a header
   */
  static HttpAsk json(HttpMethod method, String path, JsonObject fields, String... elsewhere) {
    List.of(elsewhere).forEach(fields::remove);
    return text(method, path, fields.encode());
  }

  /** One with a text that is JSON. */
  static HttpAsk text(HttpMethod method, String path, String json) {
    return new HttpAsk(
        method, path, Map.of("content-type", "application/json"), Buffer.buffer(json));
  }

  /** The same with a header, whose characters beyond ASCII are sent in UTF-8. */
  HttpAsk header(String name, String value) {
    Map<String, String> more = new HashMap<>(headers);
    more.put(name, new String(value.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
    return new HttpAsk(method, path, more, body);
  }

  /** The same for what has this tag. */
  HttpAsk ifMatch(Object tag) {
    return header("if-match", "\"" + tag + "\"");
  }

  /** The same for what has this tag, where there is one. */
  HttpAsk ifMatch(Optional<?> tag) {
    return tag.isPresent() ? ifMatch(tag.get()) : this;
  }

  /**
   * The path of a resource below {@code /v1}.
   *
   * @throws FailureException {@link dev.recall.failure.Failure#INVALID} for a name that no path has
   *     room for: none, a dot segment, half a character
   */
  static String path(String... names) {
    StringBuilder path = new StringBuilder("/v1");
    for (String name : names) {
      if (name.isEmpty() || name.equals(".") || name.equals("..")) {
        throw FailureException.invalid(
            "path", "a name must be neither empty nor a dot segment: \"" + name + "\"");
      }
      path.append('/').append(escaped(name));
    }
    return path.toString();
  }

  /**
   * A text as a path or a query has it.
   *
   * @throws FailureException {@link dev.recall.failure.Failure#INVALID} for half a character
   */
  static String escaped(String text) {
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw FailureException.invalid("path", "a name must have a form in UTF-8");
    }
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20"); // a form's space
  }
}
