package dev.recall.http;

import dev.recall.api.RoundTripApi;
import dev.recall.api.RoundTripApi.SetThenGet;
import dev.recall.bus.Bus;
import dev.recall.bus.Requester;
import dev.recall.config.Scope;
import dev.recall.http.kit.Gate;
import dev.recall.http.kit.Resource;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;

/** {@code GET /redis-test} and {@code GET /example}: a value goes to Redis and comes back. */
final class ExampleRoutes {

  private final Requester<SetThenGet, String> redis;

  ExampleRoutes(Bus bus, Duration deadline) {
    redis = bus.requester(RoundTripApi.SET_THEN_GET, deadline);
  }

  void mountOn(Gate gate) {
    gate.at("/redis-test")
        .on(
            HttpMethod.GET,
            Scope.WRITE,
            context -> send(context, new SetThenGet("test_key", "Hello Redis!"), "message"))
        .only();
    gate.at("/example")
        .on(
            HttpMethod.GET,
            Scope.WRITE,
            context -> send(context, new SetThenGet("key", "value"), "data"))
        .only();
  }

  private void send(RoutingContext context, SetThenGet ask, String field) {
    Resource.answer(
        context,
        redis.request(ask),
        read -> Resource.sendJson(context, new JsonObject().put(field, read).encode()));
  }
}
