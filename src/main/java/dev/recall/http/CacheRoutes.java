package dev.recall.http;

import dev.recall.bus.CacheApi.Get;
import dev.recall.bus.CacheApi.Result;
import dev.recall.bus.FailureException;
import dev.recall.bus.Requester;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/** {@code GET /v1/cache/{computation}/{input}}: the result of any computation. */
final class CacheRoutes {

  private final Requester<Get, Result> cache;

  CacheRoutes(Requester<Get, Result> cache) {
    this.cache = cache;
  }

  void mountOn(Router router) {
    Resource.get(router, "/v1/cache/:computation/:input", this::get);
  }

  private void get(RoutingContext context) {
    try {
      Representation wanted = Representation.preferred(context);
      cache
          .request(new Get(context.pathParam("computation"), PathValue.last(context, "input")))
          .onSuccess(result -> send(context, result, wanted))
          .onFailure(failure -> Problems.send(context, failure, "path", "input"));
    } catch (FailureException refused) {
      Problems.send(context, refused, "path", "input");
    }
  }

  private static void send(RoutingContext context, Result result, Representation wanted) {
    switch (wanted) {
      case TEXT -> Resource.sendText(context, result.result());
      case JSON ->
          Resource.sendJson(
              context,
              new JsonObject()
                  .put("computation", result.computation())
                  .put("input", result.input())
                  .put("result", result.result())
                  .put("source", result.source().word())
                  .encode());
    }
  }
}
