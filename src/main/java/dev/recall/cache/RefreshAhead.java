package dev.recall.cache;

import dev.recall.api.CacheApi.Result;
import dev.recall.cache.Policy.Question;
import dev.recall.redis.ResultStore.Found;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Computes results again before their life ends, in the background, one at a time of each key. */
final class RefreshAhead {

  private static final Logger LOG = LoggerFactory.getLogger(RefreshAhead.class);

  /** How long after a refresh no other begins. */
  private static final long PAUSE_MS = 1_000;

  private final Vertx vertx;
  private final Flights<Result> flights;
  private final Leases leases;
  private final CacheMeters meters;

  RefreshAhead(Vertx vertx, Flights<Result> flights, Leases leases, CacheMeters meters) {
    this.vertx = vertx;
    this.flights = flights;
    this.leases = leases;
    this.meters = meters;
  }

  /** Begins a refresh, unless there was one a moment ago. */
  void begin(Question question) {
    flights.fly("refresh " + question.key(), () -> refresh(question), UnaryOperator::identity);
  }

  // The flight ends a while after the refresh, so that none begins as long: not each hit may try a
  // computation that fails, or a lease that is not to be had.
  private Future<Result> refresh(Question question) {
    meters.refreshing();
    return leases
        .refresh(question, found -> question.isFresh(found) && !isDue(question, found))
        .onFailure(failure -> LOG.warn("A result was not refreshed: {}", failure.getMessage()))
        .eventually(() -> vertx.timer(PAUSE_MS, TimeUnit.MILLISECONDS));
  }

  private static boolean isDue(Question question, Found found) {
    Freshness freshness = question.policy().freshness();
    return freshness.isRefreshDue(freshness.lifeLeftMs(found));
  }
}
