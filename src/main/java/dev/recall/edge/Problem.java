package dev.recall.edge;

import dev.recall.failure.FailureException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.time.Duration;

/** A failure as an HTTP answer: problem details (RFC 9457). */
public final class Problem {

  private Problem() {}

  /** Answers a failure; nothing where the request is answered already. */
  public static void send(HttpServerRequest request, FailureException failure) {
    String path = request.path();
    send(request, failure, body(failure, path == null ? "/" : path));
  }

  /**
   * The same, with more in the body.
   *
   * @param body begun by {@link #body}
   */
  public static void send(HttpServerRequest request, FailureException failure, JsonObject body) {
    HttpServerResponse response = request.response();
    if (response.ended() || response.closed()) {
      return;
    }
    int status = failure.failure().status();
    response.setStatusCode(status).putHeader(HttpHeaders.CONTENT_TYPE, "application/problem+json");
    if (status == 401) {
      response.putHeader("www-authenticate", "Bearer");
    }
    if (status == 503 || !failure.retryAfter().isZero()) {
      response.putHeader(HttpHeaders.RETRY_AFTER, wholeSeconds(failure.retryAfter()));
    }
    Exchange exchange = Exchange.of(request);
    exchange.count(failure.failure());
    exchange.end(body.toBuffer());
  }

  /** The members that every problem has. */
  public static JsonObject body(FailureException failure, String instance) {
    return new JsonObject()
        .put("type", failure.failure().urn())
        .put("title", failure.failure().title())
        .put("status", failure.failure().status())
        .put("detail", failure.detail())
        .put("instance", instance);
  }

  // Rounded up: who comes back earlier comes in vain.
  private static String wholeSeconds(Duration wait) {
    return Long.toString(Math.max(1, wait.plusMillis(999).toSeconds()));
  }
}
