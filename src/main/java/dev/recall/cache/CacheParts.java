package dev.recall.cache;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.recall.api.CacheApi.Result;
import dev.recall.config.Budget;
import dev.recall.config.Settings;
import dev.recall.redis.KeyWaits;
import dev.recall.redis.link.KeyChanges;
import dev.recall.redis.link.Proof;
import dev.recall.registry.Definitions;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.util.Collection;

/**
 * The parts of the cache that all event loops of a node share, each thread-safe.
 *
 * @param gathered what is held of answers to requests for many results
 */
public record CacheParts(
    Policies policies,
    NearCache near,
    Flights<Result> flights,
    KeyWaits keyWaits,
    Backoff backoff,
    LargeResults large,
    HeldBytes gathered,
    LeaseTokens tokens,
    NodeLeases nodeLeases,
    CacheMeters meters) {

  /**
   * Those of a node that remembers nothing yet; its meters are shown from now on.
   *
   * @param node its id, of this node alone, and of this life of it
   * @param policies one for each computation that is a class
   * @param definitions of the others
   * @param random for tokens that callers get
   * @param proof that changes are heard of
   */
  public static CacheParts of(
      Vertx vertx,
      String node,
      Collection<Policy> policies,
      Definitions definitions,
      Settings.Cache settings,
      Proof proof,
      Budget budget,
      Ticker clock,
      SecureRandom random,
      MeterRegistry registry) {
    CacheMeters meters = new CacheMeters(registry);
    Settings.Near sizes = settings.near();
    NearCache near = new NearCache(sizes.maxBytes(), sizes.maxAge(), clock, proof::isFresh, meters);
    Flights<Result> flights = new Flights<>();
    meters.show(near);
    meters.show(flights);
    return new CacheParts(
        new Policies(policies, definitions, settings),
        near,
        flights,
        new KeyWaits(vertx),
        new Backoff(clock),
        new LargeResults(budget.resultBytes(), new HeldBytes(budget.largeResultBytes())),
        new HeldBytes(budget.gatheredBytes()),
        new LeaseTokens(node, random),
        new NodeLeases(clock, budget.lockWaiters()),
        meters);
  }

  /** Who is to be told of every change of a result or lease. */
  public KeyChanges.Listener feed() {
    return new InvalidationFeed(policies, near, flights, keyWaits, meters);
  }
}
