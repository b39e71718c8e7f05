package dev.recall.http.kit;

import dev.recall.edge.Exchange;
import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import dev.recall.form.Form;
import dev.recall.form.Given;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body of a request to its end before its route is asked, whatever the verb, keeps it for
 * the route, and refuses what is longer than allowed: before a byte of it is read, where its length
 * is told. The router's own handler parses forms, and fails on one that comes with a GET.
 */
public final class RequestBody {

  /** Of a body, where its route does not say another number. */
  static final int MAX_BYTES = 65_536;

  private static final int MAX_LENGTH_DIGITS = 9;

  /** A shorter part of a body is gathered with its neighbours, in bytes. */
  private static final int SMALL = 512;

  private static final String KEPT = RequestBody.class.getName();
  private static final Buffer NOTHING = Buffer.buffer();
  private static final Pattern JSON_TYPE = Pattern.compile("(?i)application/json\\s*(;.*)?");
  private static final Pattern PLACE = Pattern.compile("line: \\d+, column: \\d+");

  private final RoutingContext context;
  private final Exchange exchange;
  private final int maxBytes;
  private final Runnable then;
  private final List<Buffer> parts = new ArrayList<>(1);
  private @Nullable Buffer small;
  private int length;
  private boolean answered;

  private RequestBody(RoutingContext context, int maxBytes, Runnable then) {
    this.context = context;
    this.maxBytes = maxBytes;
    this.then = then;
    exchange = Exchange.of(context.request());
  }

  /**
   * Reads the body, if there is one.
   *
   * @param maxBytes how long it may be
   * @param then is run when it is there
   * @throws dev.recall.failure.FailureException {@link Failure#BODY_TOO_LARGE} where it is said to
   *     be
   */
  static void await(RoutingContext context, int maxBytes, Runnable then) {
    HttpServerRequest request = context.request();
    if (!mayHaveBody(request) || request.isEnded()) {
      then.run();
      return;
    }
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    if (length != null
        && (length.length() > MAX_LENGTH_DIGITS || Integer.parseInt(length) > maxBytes)) {
      throw tooLarge(maxBytes);
    }
    new RequestBody(context, maxBytes, then).begin();
  }

  private static FailureException tooLarge(int maxBytes) {
    return Failure.BODY_TOO_LARGE.because("the body is longer than " + maxBytes + " bytes");
  }

  /**
   * A message in the body, a JSON object; nothing at all is an empty one.
   *
   * @param given fields that stand elsewhere
   * @throws dev.recall.failure.FailureException {@link Failure#UNSUPPORTED_MEDIA_TYPE} where the
   *     body is not said to be JSON, {@link Failure#MALFORMED}, with the place, where it is not,
   *     {@link Failure#INVALID}, with every fault, where it is not as agreed
   */
  public static <T> T read(RoutingContext context, Form<T> form, Given... given) {
    Object body = isEmpty(context) ? new JsonObject() : decoded(json(context));
    return form.read(body, given);
  }

  /**
   * The text of a body that is said to be JSON.
   *
   * @throws dev.recall.failure.FailureException {@link Failure#UNSUPPORTED_MEDIA_TYPE} where it is
   *     not, {@link Failure#MALFORMED} where it is not UTF-8
   */
  public static String text(RoutingContext context) {
    return Utf8.decode(ByteBuffer.wrap(json(context).getBytes()))
        .orElseThrow(() -> Failure.MALFORMED.because("the body is not UTF-8"));
  }

  /**
   * The JSON object in the body, whatever its fields; nothing at all is an empty one.
   *
   * @throws dev.recall.failure.FailureException as {@link #read} does
   */
  public static JsonObject object(RoutingContext context) {
    Object body = isEmpty(context) ? new JsonObject() : decoded(json(context));
    if (body instanceof JsonObject object) {
      return object;
    }
    throw FailureException.invalid(List.of("body"), "the body must be a JSON object");
  }

  /**
   * The text of a body of whatever type.
   *
   * @throws dev.recall.failure.FailureException {@link Failure#MALFORMED} where it is not UTF-8
   */
  public static String anyText(RoutingContext context) {
    Buffer body = context.get(KEPT, NOTHING);
    return Utf8.decode(ByteBuffer.wrap(body.getBytes()))
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

  private void begin() {
    HttpServerRequest request = context.request();
    exchange.awaitBody();
    request.handler(this::keep);
    request.exceptionHandler(
        broken -> refuse(Failure.MALFORMED.because("the body cannot be read")));
    request.endHandler(end -> finish());
    if ("100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
      context.response().writeContinue();
    }
  }

  private void keep(Buffer chunk) {
    if (answered) {
      return;
    }
    length += chunk.length();
    if (length > maxBytes) {
      refuse(tooLarge(maxBytes));
    } else if (exchange.receive(chunk.length())) {
      add(chunk);
    } else {
      refuse(Failure.OVERLOADED.because("too many bodies are on their way"));
    }
  }

  // Joined at its end only: one buffer that grows would leave several times its bytes as garbage,
  // for a body that is cut, too. What is short is gathered, since each part weighs some 150 bytes.
  private void add(Buffer chunk) {
    if (chunk.length() >= SMALL) {
      parts.add(chunk);
      small = null;
      return;
    }
    if (small == null) {
      small = Buffer.buffer(SMALL);
      parts.add(small);
    }
    small.appendBuffer(chunk);
  }

  private Buffer joined() {
    if (parts.size() == 1) {
      return parts.get(0);
    }
    Buffer body = Buffer.buffer(length);
    parts.forEach(body::appendBuffer);
    return body;
  }

  private void refuse(FailureException failure) {
    if (!answered) {
      answered = true;
      Problems.send(context, failure);
    }
  }

  private void finish() {
    if (!answered) {
      answered = true;
      exchange.bodyEnded();
      context.put(KEPT, joined());
      then.run();
    }
  }
}
