package dev.recall.bench;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import java.util.HashMap;
import java.util.Map;

/** One connection's part of a {@link Program}: what it asks next depends on what was answered. */
interface Caller {

  /** The next request, after the last one was answered. */
  Ask next();

  /** What was answered. */
  default void answered(int status, MultiMap headers, String body) {}

  /**
   * A request.
   *
   * @param body empty where there is none
   */
  record Ask(HttpMethod method, String path, Map<String, String> headers, String body) {

    private static final Map<String, String> JSON = Map.of("content-type", "application/json");

    /** A request without a body. */
    Ask(HttpMethod method, String path, Map<String, String> headers) {
      this(method, path, headers, "");
    }

    /** A request with a body in JSON. */
    Ask(HttpMethod method, String path, String body) {
      this(method, path, JSON, body);
    }

    /** The same with one header more. */
    Ask with(String header, String value) {
      Map<String, String> all = new HashMap<>(headers);
      all.put(header, value);
      return new Ask(method, path, all, body);
    }
  }
}
