package dev.recall.http;

import dev.recall.api.CacheApi;
import dev.recall.api.Fields;
import dev.recall.bus.Bus;
import dev.recall.bus.Requester;
import dev.recall.form.Given;
import dev.recall.http.kit.Gate;
import dev.recall.http.kit.PathValue;
import dev.recall.http.kit.Resource;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;

/** {@code GET /cache/calculate/{n}}: the n-th Fibonacci number. */
final class CalculateRoutes {

  private final Requester<CacheApi.Get, CacheApi.Result> cache;

  CalculateRoutes(Bus bus, Duration deadline) {
    cache = bus.requester(CacheApi.GET.local(), deadline);
  }

  void mountOn(Gate gate) {
    gate.under("/cache/calculate/", "n").read(this::calculate).only();
  }

  private void calculate(RoutingContext context) {
    Representation wanted = Representation.preferred(context);
    Given n = PathValue.last(context, Fields.INPUT, "n");
    Resource.answer(
        context,
        cache.request(new CacheApi.Get("fib", n.text(), Gate.caller(context))),
        result -> send(context, result, wanted),
        n);
  }

  private static void send(RoutingContext context, CacheApi.Result result, Representation wanted) {
    if (CacheHeaders.answered(context, result, wanted)) {
      return;
    }
    if (wanted == Representation.TEXT) {
      Resource.sendText(context, result.result());
    } else {
      // The result may be longer than any number type: it is written as the digits it is.
      Resource.sendJson(
          context,
          "{\"n\":"
              + result.input()
              + ",\"result\":"
              + result.result()
              + ",\"source\":\""
              + result.source().word()
              + "\"}");
    }
  }
}
