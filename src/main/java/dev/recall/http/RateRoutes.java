package dev.recall.http;

import dev.recall.api.Fields;
import dev.recall.api.RateApi;
import dev.recall.api.RateApi.Take;
import dev.recall.api.RateApi.Taken;
import dev.recall.bus.Bus;
import dev.recall.bus.Requester;
import dev.recall.config.Scope;
import dev.recall.failure.Failure;
import dev.recall.form.Given;
import dev.recall.http.kit.Gate;
import dev.recall.http.kit.PathValue;
import dev.recall.http.kit.RequestBody;
import dev.recall.http.kit.Resource;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;

/**
 * {@code POST /v1/rate-limits/{name}/{caller}}: takes some of what a rate limit allows one of the
 * callers of whoever asks.
 */
final class RateRoutes {

  private final Requester<Take, Taken> take;

  RateRoutes(Bus bus, Duration deadline) {
    take = bus.requester(RateApi.TAKE.local(), deadline);
  }

  void mountOn(Gate gate) {
    gate.under("/v1/rate-limits/:name/", "caller")
        .on(HttpMethod.POST, Scope.WRITE, this::take)
        .only();
  }

  private void take(RoutingContext context) {
    Given limit = Fields.LIMIT.inPath("name", context.pathParam("name"));
    Given caller = PathValue.last(context, Fields.CALLER, "caller");
    Take ask = RequestBody.read(context, Take.FORM, limit, caller);
    Resource.answer(context, take.request(ask), taken -> send(context, ask, taken));
  }

  private static void send(RoutingContext context, Take ask, Taken taken) {
    if (!taken.allowed()) {
      throw Failure.RATE_LIMITED
          .because("more than the rate limit " + ask.limit() + " allows")
          .retryAfter(Duration.ofMillis(taken.retryAfterMs()));
    }
    context.response().putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    Resource.sendJson(context, Taken.FORM.encode(taken));
  }
}
