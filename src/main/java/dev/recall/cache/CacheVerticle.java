package dev.recall.cache;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.recall.api.CacheApi;
import dev.recall.api.CacheManyApi;
import dev.recall.api.ComputationsApi;
import dev.recall.api.InvalidationApi;
import dev.recall.api.LeaseApi;
import dev.recall.bus.Bus;
import dev.recall.bus.BusParts;
import dev.recall.config.Deadlines;
import dev.recall.redis.link.RedisServer;
import dev.recall.redis.link.RedisStore;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** Answers from the cache, and has computed what is not in it. One instance for each event loop. */
public final class CacheVerticle extends VerticleBase {

  private final CacheParts parts;
  private final RedisServer redis;
  private final BusParts busParts;
  private final Duration lease;
  private final Duration deadline;
  private final Ticker clock;
  private final RandomGenerator random;
  private Bus bus;
  private RedisStore store;

  /**
   * One of the instances of a node.
   *
   * @param parts that all of them share
   * @param lease how long the others wait for the result of a holder that died
   * @param deadline longest wait for a computation, whoever does it
   * @param random of this instance alone
   */
  public CacheVerticle(
      CacheParts parts,
      RedisServer redis,
      BusParts busParts,
      Duration lease,
      Duration deadline,
      Ticker clock,
      RandomGenerator random) {
    this.parts = parts;
    this.redis = redis;
    this.busParts = busParts;
    this.lease = lease;
    this.deadline = deadline;
    this.clock = clock;
    this.random = random;
  }

  @Override
  public Future<?> start() {
    bus = new Bus(vertx, busParts);
    store = new RedisStore(vertx, redis);
    return store.open().compose(open -> serve());
  }

  @Override
  public Future<?> stop() {
    return bus.drain(Deadlines.BUS_DRAIN).onComplete(drained -> store.close());
  }

  private Future<?> serve() {
    CacheEngine engine = CacheEngine.of(vertx, parts, store, bus, lease, deadline, clock, random);
    return Future.all(
        bus.serve(CacheApi.GET, engine.cache()::get),
        bus.serve(CacheManyApi.GET_MANY, engine.many()::get),
        bus.serve(InvalidationApi.DELETE, engine.invalidation()::delete),
        bus.serve(InvalidationApi.CLEAR, engine.invalidation()::clear),
        bus.serve(LeaseApi.TAKE, engine.callers()::take),
        bus.serve(LeaseApi.PUT, engine.callers()::put),
        bus.serve(LeaseApi.RENEW, engine.callers()::renew),
        bus.serve(LeaseApi.RELEASE, engine.callers()::release),
        bus.serve(ComputationsApi.LIST, ask -> Future.succeededFuture(list())));
  }

  private ComputationsApi.Computations list() {
    return new ComputationsApi.Computations(
        parts.policies().all().stream().map(policy -> parts.policies().known(policy)).toList());
  }
}
