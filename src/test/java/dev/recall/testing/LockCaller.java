package dev.recall.testing;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;

/** Who takes and gives back one lock over HTTP. */
public record LockCaller(Node node, String name) {

  /** A lock that is held. */
  public record Hold(String token, long fence) {}

  public HttpResponse<String> acquire(long ttlMs, long waitMs) {
    return node.send(
        "POST",
        path(),
        new JsonObject().put("ttl_ms", ttlMs).put("wait_ms", waitMs).encode(),
        "Content-Type",
        "application/json");
  }

  public HttpResponse<String> renew(String token, long ttlMs) {
    return node.send(
        "PUT",
        path(),
        new JsonObject().put("ttl_ms", ttlMs).encode(),
        "Content-Type",
        "application/json",
        "If-Match",
        "\"" + token + "\"");
  }

  public HttpResponse<String> release(String token) {
    return node.send("DELETE", path(), "", "If-Match", "\"" + token + "\"");
  }

  public HttpResponse<String> breakIt() {
    return node.send("DELETE", path(), "");
  }

  /** What an answer to {@link #acquire} gave. */
  public static Hold hold(HttpResponse<String> answer) {
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
