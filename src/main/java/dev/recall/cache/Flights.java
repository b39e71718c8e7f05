package dev.recall.cache;

import dev.recall.loop.OwnContext;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * At most one load per key at a time: who asks while one is in flight joins it, after golang's
 * {@code singleflight}. Shared by all event loops of a node.
 */
final class Flights<V> {

  private final ConcurrentMap<String, Future<V>> inFlight = new ConcurrentHashMap<>();

  /**
   * Joins the flight of a key, or leads one.
   *
   * @param load started by whoever leads; it may fail or throw, and the flight ends all the same
   * @param join called where a flight is joined; what its result is to those who do
   * @return completed on the caller's context
   */
  Future<V> fly(String key, Supplier<Future<V>> load, Supplier<UnaryOperator<V>> join) {
    Promise<V> landing = OwnContext.promiseOrLoose();
    Future<V> flight = landing.future();
    Future<V> earlier = inFlight.putIfAbsent(key, flight);
    if (earlier != null) {
      return onOwnContext(earlier).map(join.get());
    }
    start(load)
        .onComplete(
            (value, failure) -> {
              // Removed first: whoever is told of the result and asks again starts anew.
              inFlight.remove(key, flight);
              landing.handle(
                  failure == null ? Future.succeededFuture(value) : Future.failedFuture(failure));
            });
    return flight;
  }

  /** Whoever asks from now on does not join the flight of this key, but leads another. */
  void forget(String key) {
    inFlight.remove(key);
  }

  /** Whoever asks from now on joins no flight that has begun before. */
  void forgetAll() {
    inFlight.clear();
  }

  /** How many keys are being loaded now. */
  int size() {
    return inFlight.size();
  }

  private static <V> Future<V> start(Supplier<Future<V>> load) {
    try {
      return load.get();
    } catch (Throwable thrown) { // an Error, too, must not leave the key in flight for ever
      return Future.failedFuture(thrown);
    }
  }

  // The flight lands on its leader's event loop.
  private static <V> Future<V> onOwnContext(Future<V> flight) {
    Promise<V> told = OwnContext.promiseOrLoose();
    flight.onComplete(told);
    return told.future();
  }
}
