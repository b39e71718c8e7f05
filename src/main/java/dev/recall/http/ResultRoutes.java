package dev.recall.http;

import dev.recall.api.CacheApi;
import dev.recall.api.CacheApi.Get;
import dev.recall.api.CacheApi.Result;
import dev.recall.api.Fields;
import dev.recall.api.LeaseApi;
import dev.recall.api.LeaseApi.Put;
import dev.recall.api.LeaseApi.Stored;
import dev.recall.bus.Bus;
import dev.recall.bus.Requester;
import dev.recall.config.Scope;
import dev.recall.form.Given;
import dev.recall.http.kit.Conditions;
import dev.recall.http.kit.Gate;
import dev.recall.http.kit.PathValue;
import dev.recall.http.kit.RequestBody;
import dev.recall.http.kit.Resource;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;

/**
 * {@code /v1/results/{computation}/{input}}: the bare result, under its media type; and where
 * callers make it, its making.
 */
final class ResultRoutes {

  /** The longest result that a caller can put, in bytes. */
  static final int MAX_BYTES = 1 << 20;

  private static final int NO_CONTENT = 204;

  private final Requester<Get, Result> get;
  private final Requester<Put, Stored> put;

  ResultRoutes(Bus bus, Duration deadline) {
    get = bus.requester(CacheApi.GET.local(), deadline);
    put = bus.requester(LeaseApi.PUT.local(), deadline);
  }

  void mountOn(Gate gate) {
    gate.under("/v1/results/:computation/", "input")
        .read(this::get)
        .large(HttpMethod.PUT, Scope.WRITE, MAX_BYTES, this::put)
        .only();
  }

  private void get(RoutingContext context) {
    Given input = PathValue.last(context, Fields.INPUT, "input");
    Get ask = new Get(context.pathParam("computation"), input.text(), Gate.caller(context));
    Resource.answer(context, get.request(ask), result -> send(context, result), input);
  }

  private void put(RoutingContext context) {
    Given input = PathValue.last(context, Fields.INPUT, "input");
    Put ask =
        new Put(
            context.pathParam("computation"),
            input.text(),
            RequestBody.anyText(context),
            Conditions.tag(context));
    Resource.answer(
        context, put.request(ask), stored -> Resource.sendNothing(context, NO_CONTENT), input);
  }

  /** Answers a result as it is. */
  static void send(RoutingContext context, Result result) {
    if (!CacheHeaders.answered(context, result)) {
      Resource.send(context, result.mediaType(), result.result());
    }
  }
}
