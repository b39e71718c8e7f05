package dev.recall.http;

import dev.recall.api.Fields;
import dev.recall.api.LeaseApi;
import dev.recall.api.LeaseApi.Found;
import dev.recall.api.LeaseApi.Granted;
import dev.recall.api.LeaseApi.Reason;
import dev.recall.api.LeaseApi.Release;
import dev.recall.api.LeaseApi.Renew;
import dev.recall.api.LeaseApi.Take;
import dev.recall.api.LeaseApi.Taken;
import dev.recall.api.Removed;
import dev.recall.bus.Bus;
import dev.recall.bus.Requester;
import dev.recall.config.Scope;
import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
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
import java.util.List;
import java.util.Optional;

/** {@code /v1/leases/{computation}/{input}}: who of the callers makes a result. */
final class LeaseRoutes {

  private static final int CREATED = 201;
  private static final int NO_CONTENT = 204;
  private static final long LONGEST_PAUSE_SECONDS = 3_600;

  private final Requester<Take, Taken> take;
  private final Requester<Renew, Granted> renew;
  private final Requester<Release, Removed> release;

  LeaseRoutes(Bus bus, Duration deadline) {
    take = bus.requester(LeaseApi.TAKE.local(), LeaseApi.MAX_WAIT.plus(deadline));
    renew = bus.requester(LeaseApi.RENEW.local(), deadline);
    release = bus.requester(LeaseApi.RELEASE.local(), deadline);
  }

  void mountOn(Gate gate) {
    // What a holder must do to keep a lease, or to give it back, is not limited.
    gate.under("/v1/leases/:computation/", "input")
        .on(HttpMethod.POST, Scope.WRITE, this::take)
        .unlimited(HttpMethod.PUT, Scope.WRITE, this::renew)
        .unlimited(HttpMethod.DELETE, Scope.WRITE, this::release)
        .only();
  }

  private void take(RoutingContext context) {
    Take ask = RequestBody.read(context, Take.FORM, computation(context), input(context));
    Resource.answer(
        context,
        take.request(ask.maxWait().isZero() ? ask : ask.until(Resource.gone(context))),
        taken -> {
          if (taken instanceof Found found) {
            ResultRoutes.send(context, found.result());
          } else if (taken instanceof Granted lease) {
            context.response().setStatusCode(CREATED);
            // A caller who is not there to be told of the lease would make others wait for its end.
            send(context, lease).onFailure(gone -> release.request(givenBack(lease)));
          }
        },
        input(context));
  }

  private static Release givenBack(Granted lease) {
    return new Release(
        lease.computation(), lease.input(), lease.token(), Reason.FAILED, "", Duration.ZERO);
  }

  private void renew(RoutingContext context) {
    Renew ask =
        RequestBody.read(context, Renew.FORM, computation(context), input(context), token(context));
    Resource.answer(context, renew.request(ask), lease -> send(context, lease));
  }

  private void release(RoutingContext context) {
    Release ask =
        new Release(
            computation(context).text(),
            input(context).text(),
            token(context).text(),
            reason(context),
            context.queryParams().contains("detail") ? context.queryParams().get("detail") : "",
            pause(context));
    Resource.answer(
        context, release.request(ask), gone -> Resource.sendNothing(context, NO_CONTENT));
  }

  private static Reason reason(RoutingContext context) {
    String word = context.queryParams().get("reason");
    try {
      return word == null ? Reason.FAILED : Reason.of(word);
    } catch (FailureException invalid) {
      throw FailureException.invalid(List.of("query", "reason"), invalid.detail());
    }
  }

  private static Duration pause(RoutingContext context) {
    String seconds = context.queryParams().get("retry_after");
    if (seconds == null) {
      return Duration.ZERO;
    }
    if (!seconds.matches("[0-9]{1,4}") || Long.parseLong(seconds) > LONGEST_PAUSE_SECONDS) {
      throw FailureException.invalid(
          List.of("query", "retry_after"),
          "retry_after must be a whole number of seconds up to " + LONGEST_PAUSE_SECONDS);
    }
    return Duration.ofSeconds(Long.parseLong(seconds));
  }

  private static Given computation(RoutingContext context) {
    return Fields.COMPUTATION.inPath("computation", context.pathParam("computation"));
  }

  private static Given input(RoutingContext context) {
    return PathValue.last(context, Fields.INPUT, "input");
  }

  private static Given token(RoutingContext context) {
    Optional<String> token = Conditions.tag(context);
    if (token.isEmpty()) {
      throw Failure.PRECONDITION_REQUIRED.because(
          "say If-Match: \"<token>\" with the token of the lease");
    }
    return Fields.TOKEN.inHeader("if-match", token);
  }

  private static Future<Void> send(RoutingContext context, Granted lease) {
    context.response().putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    return Resource.sendJson(context, Granted.FORM.encode(lease));
  }
}
