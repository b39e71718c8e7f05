package dev.recall.http;

import dev.recall.bus.CacheApi;
import dev.recall.bus.Failure;
import dev.recall.bus.FailureException;
import dev.recall.bus.Requester;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.MIMEHeader;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/** {@code GET /cache/calculate/{n}}: the n-th Fibonacci number. */
final class CalculateRoutes {

  private final Requester<CacheApi.Get, CacheApi.Result> cache;

  CalculateRoutes(Requester<CacheApi.Get, CacheApi.Result> cache) {
    this.cache = cache;
  }

  void mountOn(Router router) {
    Resource.get(router, "/cache/calculate/:n", this::calculate);
    Resource.get(router, "/cache/calculate/", this::calculate);
  }

  private void calculate(RoutingContext context) {
    try {
      boolean text = wantsText(context);
      cache
          .request(new CacheApi.Get("fib", PathValue.last(context, "n")))
          .onSuccess(result -> send(context, result, text))
          .onFailure(failure -> Problems.send(context, failure, "n"));
    } catch (FailureException refused) {
      Problems.send(context, refused, "n");
    }
  }

  private static void send(RoutingContext context, CacheApi.Result result, boolean text) {
    if (text) {
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

  private static boolean wantsText(RoutingContext context) {
    String accept = context.request().getHeader(HttpHeaders.ACCEPT);
    if (accept == null || accept.equals("*/*")) {
      return false;
    }
    for (MIMEHeader range : context.parsedHeaders().accept()) {
      boolean any = range.component().equals("*");
      if (range.weight() > 0 && (any || matches(range, "application", "json"))) {
        return false;
      }
      if (range.weight() > 0 && matches(range, "text", "plain")) {
        return true;
      }
    }
    throw Failure.NOT_ACCEPTABLE.because("there are application/json and text/plain");
  }

  private static boolean matches(MIMEHeader range, String type, String subtype) {
    return range.component().equals(type)
        && (range.subComponent().equals("*") || range.subComponent().equals(subtype));
  }
}
