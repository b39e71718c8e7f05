package dev.recall;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;

/** Who takes and gives back one lock over HTTP. */
record LockCaller(Node node, String name) {

  /** A lock that is held. */
  record Hold(String token, long fence) {}

  HttpResponse<String> acquire(long ttlMs, long waitMs) {
    return node.send(
        "POST",
        path(),
        new JsonObject().put("ttl_ms", ttlMs).put("wait_ms", waitMs).encode(),
        "Content-Type",
        "application/json");
  }

  HttpResponse<String> renew(String token, long ttlMs) {
    return node.send(
        "PUT",
        path(),
        new JsonObject().put("ttl_ms", ttlMs).encode(),
        "Content-Type",
        "application/json",
        "If-Match",
        "\"" + token + "\"");
  }

  HttpResponse<String> release(String token) {
    return node.send("DELETE", path(), "", "If-Match", "\"" + token + "\"");
  }

  HttpResponse<String> breakIt() {
    return node.send("DELETE", path(), "");
  }

  /** What an answer to {@link #acquire} gave. */
  static Hold hold(HttpResponse<String> answer) {
    if (answer.statusCode() != 201) {
      throw new AssertionError(answer.statusCode() + " " + answer.body());
    }
    JsonObject held = new JsonObject(answer.body());
    return new Hold(held.getString("token"), held.getLong("fence"));
  }

  private String path() {
    return "/v1/locks/" + name;
  }
}
