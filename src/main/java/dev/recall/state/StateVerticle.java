package dev.recall.state;

import dev.recall.api.CounterApi;
import dev.recall.api.DocumentApi;
import dev.recall.api.LockApi;
import dev.recall.api.RateApi;
import dev.recall.api.RoundTripApi;
import dev.recall.bus.Bus;
import dev.recall.bus.BusParts;
import dev.recall.config.Deadlines;
import dev.recall.config.Settings;
import dev.recall.redis.CounterStore;
import dev.recall.redis.DocumentStore;
import dev.recall.redis.LockStore;
import dev.recall.redis.RateStore;
import dev.recall.redis.link.RedisServer;
import dev.recall.redis.link.RedisStore;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.function.LongSupplier;

/** Serves the state that all nodes share through Redis. One instance for each event loop. */
public final class StateVerticle extends VerticleBase {

  private final StateParts parts;
  private final RedisServer redis;
  private final BusParts busParts;
  private final Settings settings;
  private final LongSupplier nanoTime;
  private Bus bus;
  private RedisStore store;

  /**
   * One of the instances of a node.
   *
   * @param parts that all of them share
   * @param nanoTime as {@link System#nanoTime()}
   */
  public StateVerticle(
      StateParts parts,
      RedisServer redis,
      BusParts busParts,
      Settings settings,
      LongSupplier nanoTime) {
    this.parts = parts;
    this.redis = redis;
    this.busParts = busParts;
    this.settings = settings;
    this.nanoTime = nanoTime;
  }

  @Override
  public Future<?> start() {
    bus = new Bus(vertx, busParts);
    store = new RedisStore(vertx, redis);
    return store
        .open()
        .compose(
            open ->
                Future.all(
                    serveRoundTrips(),
                    serveCounters(),
                    serveDocuments(),
                    serveLocks(),
                    serveRates()));
  }

  @Override
  public Future<?> stop() {
    return bus.drain(Deadlines.BUS_DRAIN).onComplete(drained -> store.close());
  }

  private Future<?> serveRoundTrips() {
    return bus.serve(RoundTripApi.SET_THEN_GET, ask -> store.setThenGet(ask.key(), ask.value()));
  }

  private Future<?> serveCounters() {
    Counters counters = new Counters(new CounterStore(store), settings.counter().ttl());
    return Future.all(
        bus.serve(CounterApi.ADD, counters::add),
        bus.serve(CounterApi.GET, counters::get),
        bus.serve(CounterApi.DELETE, counters::delete));
  }

  private Future<?> serveDocuments() {
    Documents documents =
        new Documents(
            new DocumentStore(store), settings.state().namespaces(), parts.tokens()::next);
    return Future.all(
        bus.serve(DocumentApi.GET, documents::get),
        bus.serve(DocumentApi.PUT, documents::put),
        bus.serve(DocumentApi.CREATE, documents::create),
        bus.serve(DocumentApi.DELETE, documents::delete),
        bus.serve(DocumentApi.ROTATE, documents::rotate));
  }

  private Future<?> serveLocks() {
    Locks locks =
        new Locks(
            vertx,
            new LockStore(store),
            parts.queues(),
            parts.keyWaits(),
            parts.tokens(),
            nanoTime);
    return Future.all(
        bus.serve(LockApi.ACQUIRE, locks::acquire),
        bus.serve(LockApi.RENEW, locks::renew),
        bus.serve(LockApi.RELEASE, locks::release),
        bus.serve(LockApi.BREAK, locks::breakLock));
  }

  private Future<?> serveRates() {
    RateLimits limits =
        new RateLimits(
            new RateStore(store), settings.rateLimits(), parts.localRates(), parts.meters());
    return bus.serve(RateApi.TAKE, limits::take);
  }
}
