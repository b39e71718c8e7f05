package dev.recall.http.kit;

import dev.recall.edge.Problem;
import dev.recall.failure.Bugs;
import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import dev.recall.failure.FailureException.Fault;
import dev.recall.form.Given;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one place where a failure becomes an HTTP answer, as RFC 9457 problem details. */
public final class Problems {

  private static final Logger LOG = LoggerFactory.getLogger(Problems.class);

  /** What the router itself finds wrong, by the status it would answer. */
  private static final Map<Integer, FailureException> OF_ROUTER =
      Map.of(
          400, Failure.MALFORMED.because("the request cannot be read"),
          404, Failure.NO_SUCH_ROUTE.because("there is nothing at this path"));

  private Problems() {}

  /** Answers whatever the routes leave unanswered. */
  public static void mountOn(Router router) {
    OF_ROUTER.forEach(
        (status, failure) -> router.errorHandler(status, context -> send(context, failure)));
    router.errorHandler(500, context -> send(context, context.failure()));
  }

  /** Answers a request that is not HTTP, or more of it than is allowed, and hangs up. */
  public static void invalidRequest(HttpServerRequest request) {
    Throwable cause = request.decoderResult().cause();
    FailureException failure;
    if (cause instanceof TooLongHttpLineException) {
      failure = Failure.URI_TOO_LONG.because("the request line is too long");
    } else if (cause instanceof TooLongHttpHeaderException) {
      failure = Failure.HEADERS_TOO_LARGE.because("the headers are too large");
    } else {
      failure = Failure.MALFORMED.because("this is not HTTP");
    }
    Problem.send(request, failure, Problem.body(failure, "/"));
    request.connection().close();
  }

  /** Answers 405 and lists the verbs there are. */
  static void methodNotAllowed(RoutingContext context, String allowed) {
    context.response().putHeader(HttpHeaders.ALLOW, allowed);
    send(context, Failure.METHOD_NOT_ALLOWED.because("this path answers " + allowed));
  }

  /**
   * Answers a failure; what is none of the table is a bug, and logged.
   *
   * @param subject what is invalid, if the failure does not name it
   */
  static void send(RoutingContext context, Throwable cause, Given... subject) {
    FailureException failure;
    if (cause instanceof FailureException known) {
      failure = known;
    } else {
      failure = Bugs.tell(LOG, context.request().method() + " " + context.request().path(), cause);
    }
    JsonObject body = of(context, failure);
    if (failure.failure() == Failure.INVALID) {
      body.put("errors", errors(failure, subject));
    }
    Problem.send(context.request(), failure, body);
  }

  private static JsonArray errors(FailureException failure, Given... subject) {
    JsonArray errors = new JsonArray();
    for (Fault fault : failure.faults()) {
      errors.add(error(fault.loc(), fault.detail()));
    }
    if (errors.isEmpty()) {
      List<String> loc = Stream.of(subject).findFirst().map(Given::loc).orElse(List.of());
      errors.add(error(loc, failure.detail()));
    }
    return errors;
  }

  private static JsonObject error(List<String> loc, String detail) {
    return new JsonObject()
        .put("loc", new JsonArray(loc))
        .put("msg", detail)
        .put("type", "invalid");
  }

  /** The problem that a failure is, for an answer that holds several. */
  public static JsonObject of(RoutingContext context, FailureException failure) {
    return Problem.body(failure, context.request().path());
  }
}
