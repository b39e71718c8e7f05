package dev.recall.http;

import dev.recall.bus.Failure;
import dev.recall.bus.JsonReader;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What all routes share: a path answers its verbs and 405 to the others, in compact JSON. */
final class Resource {

  private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
  private static final CharSequence TEXT = HttpHeaders.createOptimized("text/plain");

  private static final MultiMap NO_HEADERS = MultiMap.caseInsensitiveMultiMap();
  private static final Pattern PLACE = Pattern.compile("line: \\d+, column: \\d+");

  /** More than a socket takes at once. */
  private static final int LARGE = 16_384;

  private Resource() {}

  static void get(Router router, String path, Handler<RoutingContext> handler) {
    only(router, HttpMethod.GET, path, handler);
  }

  static void post(Router router, String path, Handler<RoutingContext> handler) {
    only(router, HttpMethod.POST, path, handler);
  }

  /**
   * The body of a request that must be JSON.
   *
   * @throws dev.recall.bus.FailureException {@link Failure#UNSUPPORTED_MEDIA_TYPE} where it is not
   *     said to be, {@link Failure#MALFORMED}, with the place, where it is not
   */
  static JsonReader jsonBody(RoutingContext context) {
    String type = context.request().getHeader(HttpHeaders.CONTENT_TYPE);
    if (type == null || !type.matches("(?i)application/json\\s*(;.*)?")) {
      throw Failure.UNSUPPORTED_MEDIA_TYPE.because("the body must be application/json");
    }
    try {
      return JsonReader.of(Json.decodeValue(BodyReader.body(context)), NO_HEADERS);
    } catch (DecodeException malformed) {
      throw Failure.MALFORMED.because("the body is not JSON: " + place(malformed));
    }
  }

  private static String place(DecodeException malformed) {
    Matcher place = PLACE.matcher(String.valueOf(malformed.getMessage()));
    return place.find() ? place.group() : "it ends too early";
  }

  private static void only(
      Router router, HttpMethod verb, String path, Handler<RoutingContext> handler) {
    router.route(verb, path).handler(handler);
    router.route(path).handler(context -> Problems.methodNotAllowed(context, verb.name()));
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
