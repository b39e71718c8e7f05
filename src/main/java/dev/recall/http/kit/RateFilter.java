package dev.recall.http.kit;

import dev.recall.api.RateApi.Take;
import dev.recall.api.RateApi.Taken;
import dev.recall.bus.Requester;
import dev.recall.config.Rate;
import dev.recall.failure.Failure;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;

/**
 * Lets each caller pass as often as a rate limit allows, and tells in {@code RateLimit} and {@code
 * RateLimit-Policy} (draft-ietf-httpapi-ratelimit-headers) what is left.
 */
public final class RateFilter {

  private final Requester<Take, Taken> limits;
  private final String name;
  private final String policy;

  public RateFilter(Requester<Take, Taken> limits, String name, Rate rate) {
    this.limits = limits;
    this.name = name;
    policy = "\"%s\";q=%d;w=%d".formatted(name, rate.count(), rate.period().toSeconds());
  }

  void pass(RoutingContext context, String caller, Handler<RoutingContext> handler) {
    Resource.answer(
        context,
        limits.request(new Take(name, caller, 1)),
        taken -> {
          tell(context.response().headers(), taken);
          if (taken.allowed()) {
            handler.handle(context);
          } else {
            Problems.send(
                context,
                Failure.RATE_LIMITED
                    .because("more requests than the rate limit " + name + " allows")
                    .retryAfter(Duration.ofMillis(taken.retryAfterMs())));
          }
        });
  }

  private void tell(MultiMap headers, Taken taken) {
    headers.add("RateLimit-Policy", policy);
    headers.add(
        "RateLimit",
        "\"%s\";r=%d;t=%d".formatted(name, taken.remaining(), (taken.resetMs() + 999) / 1000));
  }
}
