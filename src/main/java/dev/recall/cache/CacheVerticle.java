package dev.recall.cache;

import dev.recall.api.CacheApi;
import dev.recall.api.CacheManyApi;
import dev.recall.api.ComputationsApi;
import dev.recall.api.InvalidationApi;
import dev.recall.bus.Bus;
import dev.recall.config.Deadlines;
import dev.recall.redis.LeaseStore;
import dev.recall.redis.ResultStore;
import dev.recall.redis.link.RedisServer;
import dev.recall.redis.link.RedisStore;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;

/** Answers from the cache, and has computed what is not in it. One instance for each event loop. */
public final class CacheVerticle extends VerticleBase {

  private final CacheNode node;
  private final RedisServer redis;
  private final Duration deadline;
  private Bus bus;
  private RedisStore store;

  /**
   * One of the instances of a node.
   *
   * @param deadline longest wait for a computation, whoever does it
   */
  public CacheVerticle(CacheNode node, RedisServer redis, Duration deadline) {
    this.node = node;
    this.redis = redis;
    this.deadline = deadline;
  }

  @Override
  public Future<?> start() {
    bus = new Bus(vertx);
    store = new RedisStore(vertx, redis);
    return store.open().compose(open -> serve());
  }

  @Override
  public Future<?> stop() {
    return bus.drain(Deadlines.BUS_DRAIN).onComplete(drained -> store.close());
  }

  private Future<?> serve() {
    ResultStore results = new ResultStore(store);
    Loader loader = new Loader(bus, node.meters(), deadline, vertx.isClustered());
    Leases leases = new Leases(vertx, node, new LeaseStore(store, node.maxResultBytes()), loader);
    ResultCache cache = new ResultCache(vertx, node, results, leases);
    Invalidation invalidation = new Invalidation(node, results);
    ManyResults many = new ManyResults(node, results, cache, deadline);
    return Future.all(
        bus.serve(CacheApi.GET, cache::get),
        bus.serve(CacheManyApi.GET_MANY, many::get),
        bus.serve(InvalidationApi.DELETE, invalidation::delete),
        bus.serve(InvalidationApi.CLEAR, invalidation::clear),
        bus.serve(ComputationsApi.LIST, ask -> Future.succeededFuture(list())));
  }

  private ComputationsApi.Computations list() {
    return new ComputationsApi.Computations(
        node.policies().stream()
            .map(
                policy ->
                    new ComputationsApi.Known(
                        policy.computation(), policy.freshness().ttl().toMillis()))
            .toList());
  }
}
