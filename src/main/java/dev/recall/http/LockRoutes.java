package dev.recall.http;

import dev.recall.api.Fields;
import dev.recall.api.LockApi;
import dev.recall.api.LockApi.Acquire;
import dev.recall.api.LockApi.Break;
import dev.recall.api.LockApi.Held;
import dev.recall.api.LockApi.Release;
import dev.recall.api.LockApi.Renew;
import dev.recall.api.Removed;
import dev.recall.bus.Bus;
import dev.recall.bus.Requester;
import dev.recall.config.Scope;
import dev.recall.failure.Failure;
import dev.recall.form.Given;
import dev.recall.http.kit.Conditions;
import dev.recall.http.kit.Gate;
import dev.recall.http.kit.PathValue;
import dev.recall.http.kit.RequestBody;
import dev.recall.http.kit.Resource;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Optional;

/** {@code /v1/locks/{name}}: locks that one caller holds at a time. */
final class LockRoutes {

  private static final int CREATED = 201;
  private static final int NO_CONTENT = 204;

  private final Requester<Acquire, Held> acquire;
  private final Requester<Renew, Held> renew;
  private final Requester<Release, Removed> release;
  private final Requester<Break, Removed> breakLock;

  LockRoutes(Bus bus, Duration deadline) {
    acquire = bus.requester(LockApi.ACQUIRE.local(), LockApi.MAX_WAIT.plus(deadline));
    renew = bus.requester(LockApi.RENEW.local(), deadline);
    release = bus.requester(LockApi.RELEASE.local(), deadline);
    breakLock = bus.requester(LockApi.BREAK.local(), deadline);
  }

  void mountOn(Gate gate) {
    // What a holder must do to keep a lock, or to give it back, is not limited.
    gate.under("/v1/locks/", "name")
        .on(HttpMethod.POST, Scope.WRITE, this::acquire)
        .unlimited(HttpMethod.PUT, Scope.WRITE, this::renew)
        .unlimited(HttpMethod.DELETE, Scope.WRITE, context -> release(gate, context))
        .only();
  }

  private void acquire(RoutingContext context) {
    Acquire ask = RequestBody.read(context, Acquire.FORM, name(context));
    Resource.answer(
        context,
        acquire.request(ask.maxWait().isZero() ? ask : ask.until(Resource.gone(context))),
        held -> {
          context.response().setStatusCode(CREATED);
          // A caller who is not there to be told of the lock would never release it.
          send(context, held)
              .onFailure(gone -> release.request(new Release(held.name(), held.token())));
        });
  }

  private void renew(RoutingContext context) {
    Given name = name(context);
    Optional<String> token = Conditions.tag(context);
    if (token.isEmpty()) {
      throw Failure.PRECONDITION_REQUIRED.because(
          "say If-Match: \"<token>\" with the token of the lock");
    }
    Renew ask = RequestBody.read(context, Renew.FORM, name, token(token));
    Resource.answer(context, renew.request(ask), held -> send(context, held));
  }

  private void release(Gate gate, RoutingContext context) {
    Resource.answer(
        context, released(gate, context), gone -> Resource.sendNothing(context, NO_CONTENT));
  }

  private Future<Removed> released(Gate gate, RoutingContext context) {
    Given name = name(context);
    Optional<String> token = Conditions.tag(context);
    if (token.isPresent()) {
      return release.request(Release.FORM.read(name, token(token)));
    }
    gate.require(context, Scope.ADMIN);
    return breakLock.request(Break.FORM.read(name));
  }

  private static Given name(RoutingContext context) {
    return PathValue.last(context, Fields.LOCK_NAME, "name");
  }

  private static Given token(Optional<String> token) {
    return Fields.TOKEN.inHeader("if-match", token);
  }

  private static Future<Void> send(RoutingContext context, Held held) {
    context.response().putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    return Resource.sendJson(context, Held.FORM.encode(held));
  }
}
