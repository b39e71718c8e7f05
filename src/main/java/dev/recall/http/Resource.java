package dev.recall.http;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/** What all routes share: a path answers its verbs and 405 to the others, in compact JSON. */
final class Resource {

  private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
  private static final CharSequence TEXT = HttpHeaders.createOptimized("text/plain");

  /** More than a socket takes at once. */
  private static final int LARGE = 16_384;

  private Resource() {}

  static void get(Router router, String path, Handler<RoutingContext> handler) {
    router.get(path).handler(handler);
    router.route(path).handler(context -> Problems.methodNotAllowed(context, "GET"));
  }

  static void sendJson(RoutingContext context, String json) {
    send(context, JSON, json);
  }

  static void sendText(RoutingContext context, String text) {
    send(context, TEXT, text);
  }

  private static void send(RoutingContext context, CharSequence type, String body) {
    HttpServerResponse response = context.response().putHeader(HttpHeaders.CONTENT_TYPE, type);
    if (body.length() < LARGE) {
      response.end(body);
    } else {
      // A server that shuts down closes a connection whose response has ended, whether it was
      // written or not: this one ends when it was.
      Buffer bytes = Buffer.buffer(body);
      response.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(bytes.length()));
      response.write(bytes).onSuccess(written -> response.end());
    }
  }
}
