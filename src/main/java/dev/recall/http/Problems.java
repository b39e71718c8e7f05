package dev.recall.http;

import dev.recall.bus.Failure;
import dev.recall.bus.FailureException;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one place where a failure becomes an HTTP answer, as RFC 9457 problem details. */
final class Problems {

  private static final Logger LOG = LoggerFactory.getLogger(Problems.class);
  private static final String RETRY_AFTER_SECONDS = "1";

  /** What the router itself finds wrong, by the status it would answer. */
  private static final Map<Integer, FailureException> OF_ROUTER =
      Map.of(
          400, Failure.MALFORMED.because("the request cannot be read"),
          404, Failure.NO_SUCH_ROUTE.because("there is nothing at this path"));

  private Problems() {}

  /** Answers whatever the routes leave unanswered. */
  static void mountOn(Router router) {
    OF_ROUTER.forEach(
        (status, failure) -> router.errorHandler(status, context -> send(context, failure)));
    router.errorHandler(500, context -> send(context, context.failure()));
  }

  /** Answers a request that is not HTTP, or more of it than is allowed, and hangs up. */
  static void invalidRequest(HttpServerRequest request) {
    Throwable cause = request.decoderResult().cause();
    FailureException failure;
    if (cause instanceof TooLongHttpLineException) {
      failure = Failure.URI_TOO_LONG.because("the request line is too long");
    } else if (cause instanceof TooLongHttpHeaderException) {
      failure = Failure.HEADERS_TOO_LARGE.because("the headers are too large");
    } else {
      failure = Failure.MALFORMED.because("this is not HTTP");
    }
    end(request.response(), failure, body(failure, "/"));
    request.connection().close();
  }

  /** Answers 405 and lists the verbs there are. */
  static void methodNotAllowed(RoutingContext context, String allowed) {
    context.response().putHeader(HttpHeaders.ALLOW, allowed);
    send(context, Failure.METHOD_NOT_ALLOWED.because("this path answers " + allowed));
  }

  /** Answers a failure of what stands at {@code loc}, like path and n, or of anything behind it. */
  static void send(RoutingContext context, Throwable cause, String... loc) {
    if (cause instanceof FailureException failure && failure.failure() == Failure.INVALID) {
      JsonObject fault =
          new JsonObject()
              .put("loc", new JsonArray(List.of(loc)))
              .put("msg", failure.detail())
              .put("type", "invalid");
      end(
          context.response(),
          failure,
          body(failure, context.request().path()).put("errors", new JsonArray().add(fault)));
    } else {
      send(context, cause);
    }
  }

  /** The problem that a failure is, for an answer that holds several. */
  static JsonObject of(RoutingContext context, FailureException failure) {
    return body(failure, context.request().path());
  }

  /** Answers a failure; what is none of the table is a bug, and logged. */
  static void send(RoutingContext context, Throwable cause) {
    FailureException failure;
    if (cause instanceof FailureException known) {
      failure = known;
    } else {
      LOG.error("{} {} failed", context.request().method(), context.request().path(), cause);
      failure = Failure.INTERNAL.because("this is a bug; the log of the node tells more");
    }
    end(context.response(), failure, body(failure, context.request().path()));
  }

  private static JsonObject body(FailureException failure, String instance) {
    return new JsonObject()
        .put("type", failure.failure().urn())
        .put("title", failure.failure().title())
        .put("status", failure.failure().status())
        .put("detail", failure.detail())
        .put("instance", instance);
  }

  private static void end(HttpServerResponse response, FailureException failure, JsonObject body) {
    if (response.ended() || response.closed()) {
      return;
    }
    int status = failure.failure().status();
    response.setStatusCode(status).putHeader(HttpHeaders.CONTENT_TYPE, "application/problem+json");
    if (status == 503) {
      response.putHeader(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
    }
    response.end(body.toBuffer());
  }
}
