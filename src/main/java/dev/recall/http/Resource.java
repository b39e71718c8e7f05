package dev.recall.http;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/** What all routes share: a path answers its verbs and 405 to the others, in compact JSON. */
final class Resource {

  private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");

  private Resource() {}

  static void get(Router router, String path, Handler<RoutingContext> handler) {
    router.get(path).handler(handler);
    router.route(path).handler(context -> Problems.methodNotAllowed(context, "GET"));
  }

  static void sendJson(RoutingContext context, String json) {
    context.response().putHeader(HttpHeaders.CONTENT_TYPE, JSON).end(json);
  }
}
