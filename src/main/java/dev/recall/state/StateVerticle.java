package dev.recall.state;

import dev.recall.bus.Bus;
import dev.recall.bus.CounterApi;
import dev.recall.bus.RoundTripApi;
import dev.recall.config.Settings;
import dev.recall.redis.CounterStore;
import dev.recall.redis.RedisServer;
import dev.recall.redis.RedisStore;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;

/** Serves the state that all nodes share through Redis. One instance for each event loop. */
public final class StateVerticle extends VerticleBase {

  private final RedisServer redis;
  private final Settings.Counter settings;
  private Bus bus;
  private RedisStore store;

  /** One of the instances of a node. */
  public StateVerticle(RedisServer redis, Settings.Counter settings) {
    this.redis = redis;
    this.settings = settings;
  }

  @Override
  public Future<?> start() {
    bus = new Bus(vertx);
    store = new RedisStore(vertx, redis);
    return store.open().compose(open -> serve());
  }

  @Override
  public Future<?> stop() {
    return bus.drain().onComplete(drained -> store.close());
  }

  private Future<?> serve() {
    Counters counters = new Counters(new CounterStore(store), settings.ttl());
    return Future.all(
        bus.serve(CounterApi.ADD, counters::add),
        bus.serve(CounterApi.GET, counters::get),
        bus.serve(CounterApi.DELETE, counters::delete),
        bus.serve(RoundTripApi.SET_THEN_GET, ask -> store.setThenGet(ask.key(), ask.value())));
  }
}
