package dev.recall.http;

import dev.recall.bus.Failure;
import dev.recall.bus.JsonReader;
import dev.recall.bus.JsonReader.Given;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Reads the body of a request to its end before its route is asked, whatever the verb, keeps it for
 * the route, and refuses what is longer than allowed. The router's own handler parses forms, and
 * fails on one that comes with a GET.
 */
final class RequestBody implements Handler<RoutingContext> {

  private static final String KEPT = RequestBody.class.getName();
  private static final Buffer NOTHING = Buffer.buffer();
  private static final Pattern JSON_TYPE = Pattern.compile("(?i)application/json\\s*(;.*)?");
  private static final Pattern PLACE = Pattern.compile("line: \\d+, column: \\d+");

  private final int maxBytes;

  RequestBody(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  /**
   * A message in the body, a JSON object; nothing at all is an empty one.
   *
   * @param given fields that stand elsewhere, by their names
   * @throws dev.recall.bus.FailureException {@link Failure#UNSUPPORTED_MEDIA_TYPE} where the body
   *     is not said to be JSON, {@link Failure#MALFORMED}, with the place, where it is not, {@link
   *     Failure#INVALID}, with every fault, where it is not as agreed
   */
  static <T> T read(
      RoutingContext context, Map<String, Given> given, Function<JsonReader, T> read) {
    Object body = isEmpty(context) ? new JsonObject() : decoded(json(context));
    return JsonReader.readExactly(body, given, read);
  }

  /**
   * The text of a body that is said to be JSON.
   *
   * @throws dev.recall.bus.FailureException {@link Failure#UNSUPPORTED_MEDIA_TYPE} where it is not,
   *     {@link Failure#MALFORMED} where it is not UTF-8
   */
  static String text(RoutingContext context) {
    return Utf8.decode(ByteBuffer.wrap(json(context).getBytes()))
        .orElseThrow(() -> Failure.MALFORMED.because("the body is not UTF-8"));
  }

  private static Buffer json(RoutingContext context) {
    if (!isJson(context)) {
      throw Failure.UNSUPPORTED_MEDIA_TYPE.because("the body must be application/json");
    }
    return context.get(KEPT, NOTHING);
  }

  private static boolean isJson(RoutingContext context) {
    String type = context.request().getHeader(HttpHeaders.CONTENT_TYPE);
    return type != null && JSON_TYPE.matcher(type).matches();
  }

  private static boolean isEmpty(RoutingContext context) {
    return context.get(KEPT, NOTHING).length() == 0 && !isJson(context);
  }

  private static Object decoded(Buffer body) {
    try {
      return Json.decodeValue(body);
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
