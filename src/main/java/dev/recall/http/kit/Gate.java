package dev.recall.http.kit;

import dev.recall.config.Scope;
import dev.recall.edge.RequestMeters;
import dev.recall.failure.FailureException;
import io.vertx.core.Handler;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * The way into the routes of one group: for callers with the scope, as often as they may. Nothing
 * of a body is read before that is known.
 */
public final class Gate {

  private static final String CALLER = Gate.class.getName();

  private final Router router;
  private final RequestMeters meters;
  private final Callers callers;
  private final Optional<RateFilter> rate;

  public Gate(Router router, RequestMeters meters, Callers callers, Optional<RateFilter> rate) {
    this.router = router;
    this.meters = meters;
    this.callers = callers;
    this.rate = rate;
  }

  /** Who was let in. */
  public static String caller(RoutingContext context) {
    return context.get(CALLER, "");
  }

  /** A path that answers 405 to every verb, but for those added. */
  public Resource at(String path) {
    return new Resource(router, this, path);
  }

  /** The same, for all paths that begin with {@code prefix}; the rest of it may be empty, too. */
  public Resource under(String prefix, String rest) {
    router
        .route(prefix)
        .handler(
            context -> {
              context.pathParams().put(rest, "");
              context.next();
            });
    return new Resource(router, this, prefix + ":" + rest, prefix);
  }

  /** What is measured of a route. */
  RequestMeters.Route meters(String verb, String path) {
    return meters.route(verb, path);
  }

  /** Handles what callers with the scope ask, however often. */
  Handler<RoutingContext> admit(Scope scope, Handler<RoutingContext> handler) {
    return admit(scope, RequestBody.MAX_BYTES, (context, caller) -> handler.handle(context));
  }

  /** Handles what callers with the scope ask, as often as the rate limit of the group allows. */
  Handler<RoutingContext> limit(Scope scope, Handler<RoutingContext> handler) {
    return limit(scope, RequestBody.MAX_BYTES, handler);
  }

  /** The same, where a body may be so long. */
  Handler<RoutingContext> limit(Scope scope, int maxBytes, Handler<RoutingContext> handler) {
    return admit(
        scope,
        maxBytes,
        (context, caller) -> {
          if (rate.isPresent()) {
            rate.get().pass(context, caller, handler);
          } else {
            handler.handle(context);
          }
        });
  }

  private Handler<RoutingContext> admit(
      Scope scope, int maxBytes, BiConsumer<RoutingContext, String> admitted) {
    return context -> {
      try {
        String caller = callers.require(context, scope);
        context.put(CALLER, caller);
        RequestBody.await(context, maxBytes, () -> admitted.accept(context, caller));
      } catch (FailureException refused) {
        Problems.send(context, refused);
      }
    };
  }

  /**
   * Asks for more than the scope of the route.
   *
   * @throws FailureException where the caller does not have it
   */
  public void require(RoutingContext context, Scope scope) {
    callers.require(context, scope);
  }
}
