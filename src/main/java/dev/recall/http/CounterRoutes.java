package dev.recall.http;

import dev.recall.api.CounterApi;
import dev.recall.api.CounterApi.Add;
import dev.recall.api.CounterApi.Delete;
import dev.recall.api.CounterApi.Get;
import dev.recall.api.CounterApi.Value;
import dev.recall.api.Fields;
import dev.recall.api.Removed;
import dev.recall.bus.Bus;
import dev.recall.bus.Requester;
import dev.recall.config.Scope;
import dev.recall.form.Given;
import dev.recall.http.kit.Gate;
import dev.recall.http.kit.HeaderValue;
import dev.recall.http.kit.PathValue;
import dev.recall.http.kit.RequestBody;
import dev.recall.http.kit.Resource;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.function.Function;

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
    Given id = PathValue.last(context, Fields.COUNTER_ID, "user_id");
    answer(context, add.request(Add.FORM.read(id)), Value.VISITS::encode);
  }

  private void get(RoutingContext context) {
    answer(context, get.request(Get.FORM.read(id(context))), Value.FORM::encode);
  }

  private void add(RoutingContext context) {
    Given key =
        Fields.IDEMPOTENCY_KEY.inHeader(
            "idempotency-key", HeaderValue.of(context, "Idempotency-Key"));
    Add ask = RequestBody.read(context, Add.FORM, id(context), key);
    answer(context, add.request(ask), Value.FORM::encode);
  }

  private void delete(RoutingContext context) {
    Resource.answer(
        context,
        delete.request(Delete.FORM.read(id(context))),
        removed -> Resource.sendNothing(context, NO_CONTENT));
  }

  private static Given id(RoutingContext context) {
    return PathValue.last(context, Fields.COUNTER_ID, "id");
  }

  private static void answer(
      RoutingContext context, Future<Value> counter, Function<Value, String> json) {
    context.response().putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    Resource.answer(context, counter, value -> Resource.sendJson(context, json.apply(value)));
  }
}
