package dev.recall.state;

import dev.recall.api.RateApi.Take;
import dev.recall.api.RateApi.Taken;
import dev.recall.config.Rate;
import dev.recall.config.Settings.RateLimit;
import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import dev.recall.redis.RateStore;
import dev.recall.redis.RateStore.Reading;
import io.vertx.core.Future;
import java.util.Map;

/**
 * What callers are allowed, counted in Redis for all nodes, by its clock; and by this node alone
 * while Redis is away.
 */
final class RateLimits {

  private final RateStore store;
  private final Map<String, RateLimit> limits;
  private final LocalRates local;
  private final StateMeters meters;

  RateLimits(RateStore store, Map<String, RateLimit> limits, LocalRates local, StateMeters meters) {
    this.store = store;
    this.limits = limits;
    this.local = local;
    this.meters = meters;
  }

  Future<Taken> take(Take ask) {
    RateLimit limit = limits.get(ask.limit());
    if (limit == null) {
      throw Failure.NO_SUCH_RATE_LIMIT.because("there is no rate limit " + ask.limit());
    }
    Rate rate = limit.limit();
    if (ask.cost() < 1 || ask.cost() > rate.burst()) {
      throw FailureException.invalid(
          "cost", "cost must be a whole number from 1 to " + rate.burst());
    }
    return store
        .take(ask.limit(), ask.caller(), rate, ask.cost())
        .recover(failure -> takeHere(ask, rate, failure))
        .map(reading -> taken(rate, ask.cost(), reading));
  }

  private Future<Reading> takeHere(Take ask, Rate rate, Throwable failure) {
    if (!FailureException.isOneOf(failure, Failure.REDIS_UNAVAILABLE, Failure.OUTCOME_UNKNOWN)) {
      return Future.failedFuture(failure);
    }
    meters.rateTakenLocally();
    return Future.succeededFuture(local.take(ask.limit(), ask.caller(), rate, ask.cost()));
  }

  private static Taken taken(Rate rate, int cost, Reading reading) {
    long interval = rate.intervalMicros();
    long room = rate.burst() * interval - reading.aheadMicros();
    long wait = reading.taken() ? 0 : cost * interval - room;
    return new Taken(
        reading.taken(), Math.max(0, room) / interval, millis(reading.aheadMicros()), millis(wait));
  }

  // Rounded up: who comes back earlier comes in vain.
  private static long millis(long micros) {
    return (micros + 999) / 1000;
  }
}
