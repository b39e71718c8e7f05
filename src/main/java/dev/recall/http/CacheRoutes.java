package dev.recall.http;

import dev.recall.api.CacheApi;
import dev.recall.api.CacheApi.Get;
import dev.recall.api.CacheApi.Result;
import dev.recall.api.Fields;
import dev.recall.api.InvalidationApi;
import dev.recall.api.InvalidationApi.Delete;
import dev.recall.api.Removed;
import dev.recall.bus.Bus;
import dev.recall.bus.Requester;
import dev.recall.config.Scope;
import dev.recall.form.Given;
import dev.recall.http.kit.Gate;
import dev.recall.http.kit.PathValue;
import dev.recall.http.kit.Resource;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;

/** {@code /v1/cache/{computation}/{input}}: one result of any computation. */
final class CacheRoutes {

  private static final int NO_CONTENT = 204;

  private final Requester<Get, Result> get;
  private final Requester<Delete, Removed> delete;

  CacheRoutes(Bus bus, Duration deadline) {
    get = bus.requester(CacheApi.GET.local(), deadline);
    delete = bus.requester(InvalidationApi.DELETE.local(), deadline);
  }

  void mountOn(Gate gate) {
    gate.under("/v1/cache/:computation/", "input")
        .read(this::get)
        .on(HttpMethod.DELETE, Scope.ADMIN, this::delete)
        .only();
  }

  private void get(RoutingContext context) {
    Representation wanted = Representation.preferred(context);
    Given input = PathValue.last(context, Fields.INPUT, "input");
    Get ask = new Get(context.pathParam("computation"), input.text(), Gate.caller(context));
    Resource.answer(context, get.request(ask), result -> send(context, result, wanted), input);
  }

  private void delete(RoutingContext context) {
    Given input = PathValue.last(context, Fields.INPUT, "input");
    Resource.answer(
        context,
        delete.request(new Delete(context.pathParam("computation"), input.text())),
        removed -> Resource.sendNothing(context, NO_CONTENT),
        input);
  }

  private static void send(RoutingContext context, Result result, Representation wanted) {
    if (CacheHeaders.answered(context, result, wanted)) {
      return;
    }
    switch (wanted) {
      case TEXT -> Resource.sendText(context, result.result());
      case JSON -> Resource.sendJson(context, Result.VIEW.encode(result));
    }
  }
}
