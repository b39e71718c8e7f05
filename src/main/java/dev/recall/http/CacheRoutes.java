package dev.recall.http;

import dev.recall.bus.CacheApi.Get;
import dev.recall.bus.CacheApi.Result;
import dev.recall.bus.CacheManyApi.Answer;
import dev.recall.bus.CacheManyApi.Answers;
import dev.recall.bus.CacheManyApi.GetMany;
import dev.recall.bus.CacheManyApi.Refused;
import dev.recall.bus.FailureException;
import dev.recall.bus.Requester;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/**
 * Any computation: {@code GET /v1/cache/{computation}/{input}} answers one result, {@code POST
 * /v1/cache/{computation}} many.
 */
final class CacheRoutes {

  private final Requester<Get, Result> one;
  private final Requester<GetMany, Answers> many;

  CacheRoutes(Requester<Get, Result> one, Requester<GetMany, Answers> many) {
    this.one = one;
    this.many = many;
  }

  void mountOn(Router router) {
    Resource.get(router, "/v1/cache/:computation/:input", this::get);
    Resource.post(router, "/v1/cache/:computation", this::getMany);
  }

  private void get(RoutingContext context) {
    try {
      Representation wanted = Representation.preferred(context);
      one.request(new Get(context.pathParam("computation"), PathValue.last(context, "input")))
          .onSuccess(result -> send(context, result, wanted))
          .onFailure(failure -> Problems.send(context, failure, "path", "input"));
    } catch (FailureException refused) {
      Problems.send(context, refused, "path", "input");
    }
  }

  private void getMany(RoutingContext context) {
    try {
      List<String> inputs = Resource.jsonBody(context).texts("inputs");
      many.request(new GetMany(context.pathParam("computation"), inputs))
          .onSuccess(answers -> send(context, answers))
          .onFailure(failure -> Problems.send(context, failure));
    } catch (FailureException refused) {
      Problems.send(context, refused, "body", "inputs");
    }
  }

  private static void send(RoutingContext context, Answers answers) {
    JsonArray results = new JsonArray();
    for (Answer answer : answers.answers()) {
      JsonObject json = answer.json();
      if (answer instanceof Refused refused) {
        json.put("error", Problems.of(context, refused.failure()));
      }
      results.add(json);
    }
    Resource.sendJson(context, new JsonObject().put("results", results).encode());
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
