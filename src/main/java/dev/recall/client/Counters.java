package dev.recall.client;

import dev.recall.api.CounterApi.Add;
import dev.recall.api.CounterApi.Delete;
import dev.recall.api.CounterApi.Get;
import dev.recall.api.CounterApi.Value;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.function.Supplier;

/** The counters: they begin at 0 and are exact, however many count. */
public final class Counters {

  private final Asker asker;

  Counters(Asker asker) {
    this.asker = asker;
  }

  /** Reads a counter; one that is not there is 0. */
  public Future<Long> get(String id) {
    return asker.ask(StateCalls.COUNT, () -> new Get(id)).map(Value::value);
  }

  /** Adds 1, and answers the sum. */
  public Future<Long> add(String id) {
    return add(id, 1);
  }

  /** Adds a number of any sign, and answers the sum. */
  public Future<Long> add(String id, long by) {
    return add(() -> new Add(id, by, Optional.empty(), Optional.empty()), false);
  }

  /** Adds, and answers the sum; with an idempotency key once, however often it is asked. */
  public Future<Long> add(Add add) {
    return add(() -> add, add.idempotencyKey().isPresent());
  }

  private Future<Long> add(Supplier<Add> add, boolean isRepeatable) {
    return asker.ask(isRepeatable ? StateCalls.ADD : StateCalls.ADD.once(), add).map(Value::value);
  }

  /** Forgets a counter. */
  public Future<Void> delete(String id) {
    return asker.ask(StateCalls.FORGET_COUNTER, () -> new Delete(id));
  }
}
