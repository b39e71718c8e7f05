package dev.recall.http;

import dev.recall.bus.Requester;
import dev.recall.bus.RoundTripApi.SetThenGet;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/** {@code GET /redis-test} and {@code GET /example}: a value goes to Redis and comes back. */
final class ExampleRoutes {

  private final Requester<SetThenGet, String> redis;

  ExampleRoutes(Requester<SetThenGet, String> redis) {
    this.redis = redis;
  }

  void mountOn(Router router) {
    Resource.at(router, "/redis-test")
        .on(
            HttpMethod.GET,
            context -> send(context, new SetThenGet("test_key", "Hello Redis!"), "message"))
        .only();
    Resource.at(router, "/example")
        .on(HttpMethod.GET, context -> send(context, new SetThenGet("key", "value"), "data"))
        .only();
  }

  private void send(RoutingContext context, SetThenGet ask, String field) {
    Resource.answer(
        context,
        () -> redis.request(ask),
        read -> Resource.sendJson(context, new JsonObject().put(field, read).encode()));
  }
}
