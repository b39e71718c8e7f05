package dev.recall.state;

import dev.recall.api.CounterApi.Add;
import dev.recall.api.CounterApi.Delete;
import dev.recall.api.CounterApi.Get;
import dev.recall.api.CounterApi.Value;
import dev.recall.api.Removed;
import dev.recall.redis.CounterStore;
import io.vertx.core.Future;
import java.time.Duration;

/**
 * Counters that live on from every addition, shared by all nodes; none is lost or counted twice.
 */
final class Counters {

  private final CounterStore store;
  private final Duration ttl;

  Counters(CounterStore store, Duration ttl) {
    this.store = store;
    this.ttl = ttl;
  }

  Future<Value> add(Add add) {
    return store.add(add, ttl).map(value -> new Value(add.id(), value));
  }

  Future<Value> get(Get get) {
    return store.get(get.id()).map(value -> new Value(get.id(), value));
  }

  Future<Removed> delete(Delete delete) {
    return store.remove(delete.id()).map(Removed::new);
  }
}
