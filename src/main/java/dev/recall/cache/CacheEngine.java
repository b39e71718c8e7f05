package dev.recall.cache;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.recall.api.CacheApi.Result;
import dev.recall.bus.Bus;
import dev.recall.redis.LeaseStore;
import dev.recall.redis.ResultStore;
import dev.recall.redis.link.RedisStore;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** What works on one event loop, on the parts that it shares with the others of its node. */
record CacheEngine(
    Claims claims,
    Leases leases,
    ResultCache cache,
    ManyResults many,
    Invalidation invalidation,
    CallerLeases callers) {

  /**
   * That of the verticle whose context is current.
   *
   * @param store of this event loop
   * @param bus the verticle's end of it
   * @param lease how long the others wait for the result of a holder that died
   * @param deadline longest wait for a computation, whoever does it
   * @param random of this event loop alone
   */
  static CacheEngine of(
      Vertx vertx,
      CacheParts parts,
      RedisStore store,
      Bus bus,
      Duration lease,
      Duration deadline,
      Ticker clock,
      RandomGenerator random) {
    Policies policies = parts.policies();
    NearCache near = parts.near();
    Flights<Result> flights = parts.flights();
    LargeResults large = parts.large();
    CacheMeters meters = parts.meters();
    ResultStore results = new ResultStore(store);
    LeaseStore leased = new LeaseStore(store, large.maxBytes());
    ComputeRequester loader = new ComputeRequester(bus, meters, deadline, vertx.isClustered());
    Claims claims =
        new Claims(vertx, leased, parts.tokens(), lease, parts.keyWaits(), flights, clock);
    LeaseWaits waits = new LeaseWaits(parts.keyWaits(), meters, clock, random);
    Leases leases =
        new Leases(
            vertx, claims, waits, new Leader(loader, near, large, random), loader, near, clock);
    ResultCache cache =
        new ResultCache(
            policies,
            near,
            flights,
            parts.backoff(),
            large,
            results,
            leases,
            new RefreshAhead(vertx, flights, leases, meters),
            meters);
    LeaseTaking taking =
        new LeaseTaking(
            vertx, near, claims, leased, waits, parts.tokens(), parts.nodeLeases(), clock);
    CallerLeases callers =
        new CallerLeases(
            policies, near, flights, large, leased, parts.nodeLeases(), taking, random);
    return new CacheEngine(
        claims,
        leases,
        cache,
        new ManyResults(vertx, policies, large, parts.gathered(), results, cache, clock, deadline),
        new Invalidation(vertx, policies, near, flights, results),
        callers);
  }
}
