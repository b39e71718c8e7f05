package dev.recall.http;

import dev.recall.bus.CounterApi;
import dev.recall.bus.FailureException;
import dev.recall.bus.Requester;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.Json;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/** {@code GET /counter/{user_id}}: counts this visit and answers how many there were. */
final class CounterRoutes {

  private final Requester<CounterApi.Add, CounterApi.Value> counters;

  CounterRoutes(Requester<CounterApi.Add, CounterApi.Value> counters) {
    this.counters = counters;
  }

  void mountOn(Router router) {
    Resource.at(router, "/counter/:user_id").on(HttpMethod.GET, this::visit).only();
    Resource.at(router, "/counter/").on(HttpMethod.GET, this::visit).only();
  }

  private void visit(RoutingContext context) {
    context.response().putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    try {
      counters
          .request(new CounterApi.Add(PathValue.last(context, "user_id"), 1))
          .onSuccess(counter -> send(context, counter))
          .onFailure(failure -> Problems.send(context, failure, "path", "user_id"));
    } catch (FailureException refused) {
      Problems.send(context, refused, "path", "user_id");
    }
  }

  private static void send(RoutingContext context, CounterApi.Value counter) {
    Resource.sendJson(
        context,
        "{\"user_id\":" + Json.encode(counter.id()) + ",\"visits\":" + counter.value() + "}");
  }
}
