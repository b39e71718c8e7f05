package dev.recall.http.kit;

import dev.recall.config.Scope;
import dev.recall.edge.Exchange;
import dev.recall.edge.RequestMeters;
import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import dev.recall.form.Given;
import dev.recall.loop.Trace;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** What all routes share: a path answers its verbs and 405 to the others, in compact JSON. */
public final class Resource {

  private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
  private static final CharSequence TEXT = HttpHeaders.createOptimized("text/plain");

  private final Router router;
  private final Gate gate;
  private final List<String> paths;
  private final List<String> verbs = new ArrayList<>();

  /** Paths that answer 405 to every verb, but for those added. */
  Resource(Router router, Gate gate, String... paths) {
    this.router = router;
    this.gate = gate;
    this.paths = List.of(paths);
  }

  /** Answers GET, and HEAD without the body; for what changes nothing. */
  public Resource read(Handler<RoutingContext> handler) {
    return on(HttpMethod.GET, Scope.READ, handler).on(HttpMethod.HEAD, Scope.READ, handler);
  }

  /**
   * The same for everybody, also without a token: what is no secret and changes nothing. A body
   * comes in vain.
   */
  public Resource open(Handler<RoutingContext> handler) {
    return route(HttpMethod.GET, guarded(handler)).route(HttpMethod.HEAD, guarded(handler));
  }

  /** Answers a verb that no rate limit counts. */
  public Resource unlimited(HttpMethod verb, Scope scope, Handler<RoutingContext> handler) {
    return route(verb, gate.admit(scope, guarded(handler)));
  }

  /** Answers a verb. */
  public Resource on(HttpMethod verb, Scope scope, Handler<RoutingContext> handler) {
    return route(verb, gate.limit(scope, guarded(handler)));
  }

  /**
   * Answers a verb whose body may be long.
   *
   * @param maxBytes of the body
   */
  public Resource large(
      HttpMethod verb, Scope scope, int maxBytes, Handler<RoutingContext> handler) {
    return route(verb, gate.limit(scope, maxBytes, guarded(handler)));
  }

  private static Handler<RoutingContext> guarded(Handler<RoutingContext> handler) {
    return context -> guarded(context, context, handler::handle);
  }

  private Resource route(HttpMethod verb, Handler<RoutingContext> handler) {
    verbs.add(verb.name());
    RequestMeters.Route measured = gate.meters(verb.name(), paths.get(0));
    Handler<RoutingContext> routed =
        context -> {
          HttpServerRequest request = context.request();
          Exchange.of(request).routed(measured);
          Trace.follow(Trace.of(request.getHeader(Trace.HEADER)));
          handler.handle(context);
        };
    paths.forEach(path -> router.route(verb, path).handler(routed));
    return this;
  }

  /** Refuses all other verbs. */
  public void only() {
    String allowed = String.join(", ", verbs);
    for (String path : paths) {
      router.route(path).handler(context -> Problems.methodNotAllowed(context, allowed));
    }
  }

  /**
   * Renders a reply, or why there is none.
   *
   * @param subject what was asked about, if whoever is asked finds it invalid
   */
  public static <R> void answer(
      RoutingContext context, Future<R> reply, Consumer<R> render, Given... subject) {
    reply
        .onSuccess(answer -> guarded(context, answer, render))
        .onFailure(why -> Problems.send(context, why, subject));
  }

  // What is thrown to a future, or to the end of a body, is heard by nobody: the caller would wait.
  private static <T> void guarded(RoutingContext context, T value, Consumer<T> work) {
    try {
      work.accept(value);
    } catch (RuntimeException thrown) {
      Problems.send(context, thrown);
    }
  }

  /**
   * Completed when the request is answered, or its caller has hung up: he must not keep waiting.
   */
  public static Future<Void> gone(RoutingContext context) {
    Promise<Void> gone = Promise.promise();
    context.addEndHandler(answeredOrNot -> gone.tryComplete());
    return gone.future();
  }

  /** Sends JSON; failed where the caller is not there any more. */
  public static Future<Void> sendJson(RoutingContext context, String json) {
    return send(context, JSON, Buffer.buffer(json));
  }

  /** Sends JSON. */
  public static void sendJson(RoutingContext context, Buffer json) {
    send(context, JSON, json);
  }

  /** Sends a text of some media type. */
  public static void send(RoutingContext context, String mediaType, String text) {
    send(context, (CharSequence) mediaType, Buffer.buffer(text));
  }

  public static void sendText(RoutingContext context, String text) {
    send(context, TEXT, Buffer.buffer(text));
  }

  public static void sendNothing(RoutingContext context, int status) {
    context.response().setStatusCode(status);
    Exchange.of(context.request()).end();
  }

  /**
   * Reserves room for an answer until it is taken.
   *
   * @throws FailureException {@link Failure#OVERLOADED} where so many bytes have none
   */
  public static void requireRoom(RoutingContext context, int bytes) {
    if (!Exchange.of(context.request()).hasRoom(bytes)) {
      throw Failure.OVERLOADED.because("too many answers are not taken yet");
    }
  }

  /** Sends a body of any type; failed where the caller is not there any more. */
  public static Future<Void> send(RoutingContext context, CharSequence type, Buffer body) {
    HttpServerResponse response = context.response().putHeader(HttpHeaders.CONTENT_TYPE, type);
    Exchange exchange = Exchange.of(context.request());
    if (context.request().method().equals(HttpMethod.HEAD)) {
      response.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length()));
      return exchange.end();
    }
    try {
      requireRoom(context, body.length());
    } catch (FailureException full) {
      response.headers().clear(); // they speak of the answer that there is no room for
      Problems.send(context, full);
      return Future.failedFuture(full);
    }
    return exchange.end(body);
  }
}
