package dev.recall.http;

import dev.recall.api.CacheManyApi;
import dev.recall.api.CacheManyApi.Answer;
import dev.recall.api.CacheManyApi.Answers;
import dev.recall.api.CacheManyApi.GetMany;
import dev.recall.api.CacheManyApi.Refused;
import dev.recall.api.ComputationsApi;
import dev.recall.api.ComputationsApi.Computations;
import dev.recall.api.ComputationsApi.Define;
import dev.recall.api.ComputationsApi.Defined;
import dev.recall.api.ComputationsApi.End;
import dev.recall.api.ComputationsApi.Known;
import dev.recall.api.Fields;
import dev.recall.api.InvalidationApi;
import dev.recall.api.InvalidationApi.Clear;
import dev.recall.api.Removed;
import dev.recall.bus.Bus;
import dev.recall.bus.Requester;
import dev.recall.config.Scope;
import dev.recall.failure.Failure;
import dev.recall.form.Given;
import dev.recall.http.kit.Gate;
import dev.recall.http.kit.PathValue;
import dev.recall.http.kit.Problems;
import dev.recall.http.kit.RequestBody;
import dev.recall.http.kit.Resource;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;

/**
 * {@code /v1/cache/{computation}}: many results of a computation, or all of them; and {@code
 * /v1/computations}: which there are.
 */
final class ComputationRoutes {

  private static final int OK = 200;
  private static final int CREATED = 201;
  private static final int NO_CONTENT = 204;

  private final Requester<GetMany, Answers> getMany;
  private final Requester<Clear, Removed> clear;
  private final Requester<ComputationsApi.Ask, Computations> list;
  private final Requester<Define, Defined> define;
  private final Requester<End, Removed> end;

  ComputationRoutes(Bus bus, Duration deadline) {
    getMany = bus.requester(CacheManyApi.GET_MANY.local(), deadline);
    clear = bus.requester(InvalidationApi.CLEAR.local(), deadline);
    list = bus.requester(ComputationsApi.LIST.local(), deadline);
    define = bus.requester(ComputationsApi.DEFINE.local(), deadline);
    end = bus.requester(ComputationsApi.END.local(), deadline.plus(deadline));
  }

  void mountOn(Gate gate) {
    gate.at("/v1/cache/:computation")
        .on(HttpMethod.POST, Scope.READ, this::getMany)
        .on(HttpMethod.DELETE, Scope.ADMIN, this::clear)
        .only();
    gate.at("/v1/computations").read(this::list).only();
    gate.under("/v1/computations/", "name")
        .read(this::one)
        .on(HttpMethod.PUT, Scope.ADMIN, this::define)
        .on(HttpMethod.DELETE, Scope.ADMIN, this::end)
        .only();
  }

  private void getMany(RoutingContext context) {
    Given computation = Fields.COMPUTATION.inPath("computation", context.pathParam("computation"));
    GetMany ask = RequestBody.read(context, GetMany.FORM, computation);
    Resource.answer(
        context, getMany.request(ask.by(Gate.caller(context))), answers -> send(context, answers));
  }

  // Room is asked for before they are written: it is the writing that would keep others waiting.
  private static void send(RoutingContext context, Answers answers) {
    Resource.requireRoom(context, answers.answers().stream().mapToInt(Answer::length).sum());
    JsonArray results = new JsonArray();
    for (Answer answer : answers.answers()) {
      JsonObject json = Answer.FORM.json(answer);
      if (answer instanceof Refused refused) {
        json.put("error", Problems.of(context, refused.failure()));
      }
      results.add(json);
    }
    Resource.sendJson(context, new JsonObject().put("results", results).toBuffer());
  }

  private void clear(RoutingContext context) {
    Resource.answer(
        context,
        clear.request(new Clear(context.pathParam("computation"))),
        done -> Resource.sendJson(context, Removed.FORM.encode(done)));
  }

  private void one(RoutingContext context) {
    String name = name(context).text();
    Resource.answer(
        context,
        list.request(new ComputationsApi.Ask())
            .map(
                all ->
                    all.known().stream()
                        .filter(known -> known.name().equals(name))
                        .findFirst()
                        .orElseThrow(
                            () ->
                                Failure.NO_SUCH_COMPUTATION.because(
                                    "there is no computation " + name))),
        known -> Resource.sendJson(context, Known.FORM.encode(known)));
  }

  private void define(RoutingContext context) {
    Define ask = new Define(name(context).text(), RequestBody.object(context));
    Resource.answer(
        context,
        define.request(ask),
        defined -> {
          context.response().setStatusCode(defined.created() ? CREATED : OK);
          Resource.sendJson(context, Defined.FORM.encode(defined));
        });
  }

  private void end(RoutingContext context) {
    Resource.answer(
        context,
        end.request(new End(name(context).text())),
        gone -> Resource.sendNothing(context, NO_CONTENT));
  }

  private static Given name(RoutingContext context) {
    return PathValue.last(context, Fields.COMPUTATION, "name");
  }

  private void list(RoutingContext context) {
    Resource.answer(
        context,
        list.request(new ComputationsApi.Ask()),
        all -> Resource.sendJson(context, Computations.FORM.encode(all)));
  }
}
