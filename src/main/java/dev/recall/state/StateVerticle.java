package dev.recall.state;

import dev.recall.api.CounterApi;
import dev.recall.api.DocumentApi;
import dev.recall.api.LockApi;
import dev.recall.api.RateApi;
import dev.recall.api.RoundTripApi;
import dev.recall.bus.Bus;
import dev.recall.config.Deadlines;
import dev.recall.redis.CounterStore;
import dev.recall.redis.DocumentStore;
import dev.recall.redis.LockStore;
import dev.recall.redis.RateStore;
import dev.recall.redis.link.RedisServer;
import dev.recall.redis.link.RedisStore;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;

/** Serves the state that all nodes share through Redis. One instance for each event loop. */
public final class StateVerticle extends VerticleBase {

  private final StateNode node;
  private final RedisServer redis;
  private Bus bus;
  private RedisStore store;

  /** One of the instances of a node. */
  public StateVerticle(StateNode node, RedisServer redis) {
    this.node = node;
    this.redis = redis;
  }

  @Override
  public Future<?> start() {
    bus = new Bus(vertx);
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
    Counters counters = new Counters(new CounterStore(store), node.settings().counter().ttl());
    return Future.all(
        bus.serve(CounterApi.ADD, counters::add),
        bus.serve(CounterApi.GET, counters::get),
        bus.serve(CounterApi.DELETE, counters::delete));
  }

  private Future<?> serveDocuments() {
    Documents documents =
        new Documents(
            new DocumentStore(store), node.settings().state().namespaces(), node::newToken);
    return Future.all(
        bus.serve(DocumentApi.GET, documents::get),
        bus.serve(DocumentApi.PUT, documents::put),
        bus.serve(DocumentApi.CREATE, documents::create),
        bus.serve(DocumentApi.DELETE, documents::delete),
        bus.serve(DocumentApi.ROTATE, documents::rotate));
  }

  private Future<?> serveLocks() {
    Locks locks = new Locks(new LockStore(store), node);
    return Future.all(
        bus.serve(LockApi.ACQUIRE, locks::acquire),
        bus.serve(LockApi.RENEW, locks::renew),
        bus.serve(LockApi.RELEASE, locks::release),
        bus.serve(LockApi.BREAK, locks::breakLock));
  }

  private Future<?> serveRates() {
    RateLimits limits =
        new RateLimits(
            new RateStore(store), node.settings().rateLimits(), node.localRates(), node.meters());
    return bus.serve(RateApi.TAKE, limits::take);
  }
}
