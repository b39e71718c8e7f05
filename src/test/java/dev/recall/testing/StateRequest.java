package dev.recall.testing;

import java.net.http.HttpResponse;

/**
 * Every request that the shared state answers, by a short name, each of something that is there.
 */
public enum StateRequest {
  COUNTER_GET("GET", "/v1/counters/k"),
  COUNTER_ADD("POST", "/v1/counters/k"),
  COUNTER_ADD_ONCE("POST", "/v1/counters/k", "", "Idempotency-Key", "i"),
  COUNTER_VISIT("GET", "/counter/k"),
  COUNTER_DELETE("DELETE", "/v1/counters/k"),
  SESSION_GET("GET", "/v1/state/session/k"),
  SESSION_REPLACE("PUT", "/v1/state/session/k", "[2]", "If-Match", "\"7\""),
  SESSION_REPLACE_FENCED(
      "PUT", "/v1/state/session/k", "[2]", "If-Match", "\"7\"", "Lock-Fence", "k;1"),
  SESSION_PUT_NEW("PUT", "/v1/state/session/k", "[2]", "If-None-Match", "*"),
  SESSION_CREATE("POST", "/v1/state/session", "[2]"),
  SESSION_DELETE("DELETE", "/v1/state/session/k"),
  SESSION_DELETE_VERSION("DELETE", "/v1/state/session/k", "", "If-Match", "\"7\""),
  SESSION_ROTATE("POST", "/v1/state/session/k/rotate"),
  SESSION_ROTATE_VERSION("POST", "/v1/state/session/k/rotate", "", "If-Match", "\"7\""),
  CONFIG_GET("GET", "/v1/state/config/k"),
  CONFIG_DELETE("DELETE", "/v1/state/config/k"),
  LOCK_ACQUIRE("POST", "/v1/locks/k", "{\"wait_ms\":100}"),
  LOCK_ACQUIRE_FREE("POST", "/v1/locks/free"),
  LOCK_RENEW("PUT", "/v1/locks/k", "", "If-Match", "\"token\""),
  LOCK_RELEASE("DELETE", "/v1/locks/k", "", "If-Match", "\"token\""),
  LOCK_BREAK("DELETE", "/v1/locks/k");

  private static final String[] NONE = {};

  private final String method;
  private final String path;
  private final String body;
  private final String headers;

  StateRequest(String method, String path) {
    this(method, path, "");
  }

  StateRequest(String method, String path, String body, String... headers) {
    this.method = method;
    this.path = path;
    this.body = body;
    this.headers =
        (body.isEmpty() ? "" : "Content-Type\napplication/json\n") + String.join("\n", headers);
  }

  public HttpResponse<String> sentTo(Node node) {
    return node.send(method, path, body, headers.isEmpty() ? NONE : headers.split("\n"));
  }
}
