package dev.recall.state;

import dev.recall.bus.CounterApi.Add;
import dev.recall.bus.CounterApi.Value;
import dev.recall.redis.RedisKeys;
import dev.recall.redis.RedisStore;
import io.vertx.core.Future;
import java.time.Duration;

/**
 * Counters that live on from every visit, shared by all nodes; no visit is lost or counted twice.
 */
final class Counters {

  private final RedisStore store;
  private final Duration ttl;

  Counters(RedisStore store, Duration ttl) {
    this.store = store;
    this.ttl = ttl;
  }

  Future<Value> add(Add add) {
    return store
        .add(RedisKeys.counter(add.id()), add.by(), ttl)
        .map(value -> new Value(add.id(), value));
  }
}
