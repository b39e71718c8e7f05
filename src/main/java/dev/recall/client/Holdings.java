package dev.recall.client;

import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** What a client has to give back when it is closed: locks, leases, computations it lends. */
final class Holdings {

  private final Map<Object, Supplier<Future<?>>> all = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /**
   * One more.
   *
   * @param giveBack called once at most, when the client is closed
   */
  void add(Object holding, Supplier<Future<?>> giveBack) {
    all.put(holding, giveBack);
    if (closed) {
      giveBack(holding);
    }
  }

  void remove(Object holding) {
    all.remove(holding);
  }

  /**
   * Gives everything back, and from now on at once what is still added; completed when each was
   * answered, or could not be.
   */
  Future<Void> giveBack() {
    closed = true;
    return Future.join(List.copyOf(all.keySet()).stream().<Future<?>>map(this::giveBack).toList())
        .<Void>mapEmpty()
        .otherwiseEmpty();
  }

  private Future<?> giveBack(Object holding) {
    Supplier<Future<?>> giveBack = all.remove(holding);
    return giveBack == null ? Future.succeededFuture() : giveBack.get();
  }
}
