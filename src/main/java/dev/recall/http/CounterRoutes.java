package dev.recall.http;

import dev.recall.api.CounterApi;
import dev.recall.api.CounterApi.Add;
import dev.recall.api.CounterApi.Delete;
import dev.recall.api.CounterApi.Get;
import dev.recall.api.CounterApi.Value;
import dev.recall.api.Removed;
import dev.recall.bus.Bus;
import dev.recall.bus.JsonReader.Given;
import dev.recall.bus.Requester;
import dev.recall.config.Scope;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.Json;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Map;

/**
 * {@code GET /counter/{user_id}}: counts this visit and answers how many there were; and {@code
 * /v1/counters/{id}}: the same counters, read, added to and forgotten.
 */
final class CounterRoutes {

  private static final int NO_CONTENT = 204;

  private final Requester<Add, Value> add;
  private final Requester<Get, Value> get;
  private final Requester<Delete, Removed> delete;

  CounterRoutes(Bus bus, Duration deadline) {
    add = bus.requester(CounterApi.ADD.local(), deadline);
    get = bus.requester(CounterApi.GET.local(), deadline);
    delete = bus.requester(CounterApi.DELETE.local(), deadline);
  }

  void mountOn(Gate gate) {
    gate.under("/counter/", "user_id").on(HttpMethod.GET, Scope.WRITE, this::visit).only();
    gate.under("/v1/counters/", "id")
        .read(this::get)
        .on(HttpMethod.POST, Scope.WRITE, this::add)
        .on(HttpMethod.DELETE, Scope.WRITE, this::delete)
        .only();
  }

  private void visit(RoutingContext context) {
    context.response().putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    Resource.answer(
        context,
        () -> add.request(Add.one(PathValue.last(context, "user_id"))),
        counter ->
            Resource.sendJson(
                context,
                "{\"user_id\":"
                    + Json.encode(counter.id())
                    + ",\"visits\":"
                    + counter.value()
                    + "}"),
        "path",
        "user_id");
  }

  private void get(RoutingContext context) {
    Resource.answer(
        context,
        () -> get.request(new Get(PathValue.last(context, "id"))),
        counter -> send(context, counter));
  }

  private void add(RoutingContext context) {
    Resource.answer(
        context,
        () -> add.request(RequestBody.read(context, given(context), Add::read)),
        counter -> send(context, counter));
  }

  private static Map<String, Given> given(RoutingContext context) {
    String key = HeaderValue.of(context, "Idempotency-Key").orElse(null);
    return Map.of(
        "id", new Given("path", "id", PathValue.last(context, "id")),
        "idempotency_key", new Given("header", "idempotency-key", key));
  }

  private void delete(RoutingContext context) {
    Resource.answer(
        context,
        () -> delete.request(new Delete(PathValue.last(context, "id"))),
        removed -> Resource.sendNothing(context, NO_CONTENT));
  }

  private static void send(RoutingContext context, Value counter) {
    context.response().putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    Resource.sendJson(
        context, "{\"id\":" + Json.encode(counter.id()) + ",\"value\":" + counter.value() + "}");
  }
}
