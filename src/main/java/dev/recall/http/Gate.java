package dev.recall.http;

import dev.recall.bus.FailureException;
import dev.recall.config.Scope;
import io.vertx.core.Handler;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/** The way into the routes of one group: for callers with the scope, as often as they may. */
final class Gate {

  private final Router router;
  private final Callers callers;
  private final Optional<RateFilter> rate;

  Gate(Router router, Callers callers, Optional<RateFilter> rate) {
    this.router = router;
    this.callers = callers;
    this.rate = rate;
  }

  /** A path that answers 405 to every verb, but for those added. */
  Resource at(String path) {
    return new Resource(router, this, path);
  }

  /** The same, for all paths that begin with {@code prefix}; the rest of it may be empty, too. */
  Resource under(String prefix, String rest) {
    router
        .route(prefix)
        .handler(
            context -> {
              context.pathParams().put(rest, "");
              context.next();
            });
    return new Resource(router, this, prefix + ":" + rest, prefix);
  }

  /** Handles what passes. */
  Handler<RoutingContext> guard(Scope scope, Handler<RoutingContext> handler) {
    return context -> {
      try {
        String caller = callers.require(context, scope);
        if (rate.isPresent()) {
          rate.get().pass(context, caller, handler);
        } else {
          handler.handle(context);
        }
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
  void require(RoutingContext context, Scope scope) {
    callers.require(context, scope);
  }
}
