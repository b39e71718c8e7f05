package dev.recall.http;

import dev.recall.bus.Failure;
import dev.recall.bus.JsonReader;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.ext.web.RoutingContext;
import java.util.regex.Pattern;

/**
 * Reads the body of a request to its end before its route is asked, whatever the verb, keeps it for
 * the route, and refuses what is longer than allowed. The router's own handler parses forms, and
 * fails on one that comes with a GET.
 */
final class RequestBody implements Handler<RoutingContext> {

  private static final String KEPT = RequestBody.class.getName();
  private static final MultiMap NO_HEADERS = MultiMap.caseInsensitiveMultiMap();
  private static final Pattern JSON_TYPE = Pattern.compile("(?i)application/json\\s*(;.*)?");
  private static final Pattern PLACE = Pattern.compile("line: \\d+, column: \\d+");

  private final int maxBytes;

  RequestBody(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  /**
   * The body of a request that must be a JSON object.
   *
   * @throws dev.recall.bus.FailureException {@link Failure#UNSUPPORTED_MEDIA_TYPE} where it is not
   *     said to be JSON, {@link Failure#MALFORMED}, with the place, where it is not, {@link
   *     Failure#INVALID} where it is no object
   */
  static JsonReader json(RoutingContext context) {
    String type = context.request().getHeader(HttpHeaders.CONTENT_TYPE);
    if (type == null || !JSON_TYPE.matcher(type).matches()) {
      throw Failure.UNSUPPORTED_MEDIA_TYPE.because("the body must be application/json");
    }
    Buffer body = context.get(KEPT, Buffer.buffer());
    try {
      return JsonReader.of(Json.decodeValue(body), NO_HEADERS);
    } catch (DecodeException malformed) {
      throw Failure.MALFORMED.because("the body is not JSON" + place(malformed));
    }
  }

  @Override
  public void handle(RoutingContext context) {
    if (mayHaveBody(context.request())) {
      new Reading(context).begin();
    } else {
      context.next();
    }
  }

  // The message may first name the place where an array or object begins.
  private static String place(DecodeException malformed) {
    return PLACE
        .matcher(String.valueOf(malformed.getMessage()))
        .results()
        .reduce((begin, place) -> place)
        .map(place -> ", at " + place.group())
        .orElse("");
  }

  private static boolean mayHaveBody(HttpServerRequest request) {
    return request.version() == HttpVersion.HTTP_2
        || request.headers().contains(HttpHeaders.CONTENT_LENGTH)
        || request.headers().contains(HttpHeaders.TRANSFER_ENCODING);
  }

  /** One body on its way. */
  private final class Reading {

    private final RoutingContext context;
    private final Buffer body = Buffer.buffer();
    private boolean answered;

    Reading(RoutingContext context) {
      this.context = context;
    }

    void begin() {
      HttpServerRequest request = context.request();
      if (request.isEnded()) {
        context.next();
        return;
      }
      request.handler(this::keep);
      request.exceptionHandler(broken -> refuse(Failure.MALFORMED, "the body cannot be read"));
      request.endHandler(end -> finish());
    }

    private void keep(Buffer chunk) {
      if (body.length() + chunk.length() > maxBytes) {
        refuse(Failure.BODY_TOO_LARGE, "the body is longer than " + maxBytes + " bytes");
      } else if (!answered) {
        body.appendBuffer(chunk);
      }
    }

    private void refuse(Failure failure, String detail) {
      if (!answered) {
        answered = true;
        Problems.send(context, failure.because(detail));
      }
    }

    private void finish() {
      if (!answered) {
        answered = true;
        context.put(KEPT, body);
        context.next();
      }
    }
  }
}
