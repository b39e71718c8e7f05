package dev.recall.client;

import io.vertx.core.Future;
import java.util.function.Supplier;

/** What a caller has done under a lock or a lease. */
final class Work {

  private Work() {}

  /** Begins it; what it throws is a failure like any other. */
  static <T> Future<T> begun(Supplier<Future<T>> work) {
    try {
      return work.get();
    } catch (Throwable thrown) { // an Error, too, must not leave anything held
      return Future.failedFuture(thrown);
    }
  }
}
