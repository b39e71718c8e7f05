package dev.recall.cache;

import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import io.vertx.core.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** Bytes that a node holds for its callers, of which there are so many at most. Thread-safe. */
final class HeldBytes {

  private final long most;
  private final AtomicLong held = new AtomicLong();

  HeldBytes(long most) {
    this.most = most;
  }

  /** Holds more, unless that is too much. */
  boolean take(long bytes) {
    if (held.addAndGet(bytes) <= most) {
      return true;
    }
    held.addAndGet(-bytes);
    return false;
  }

  void giveBack(long bytes) {
    held.addAndGet(-bytes);
  }

  /**
   * Does something that holds more, until it is done.
   *
   * @return failed as {@link Failure#OVERLOADED} where that is too much
   */
  <T> Future<T> during(long bytes, Supplier<Future<T>> work) {
    if (!take(bytes)) {
      return Future.failedFuture(tooMuch());
    }
    try {
      return work.get().onComplete(done -> giveBack(bytes));
    } catch (RuntimeException thrown) {
      giveBack(bytes);
      return Future.failedFuture(thrown);
    }
  }

  static FailureException tooMuch() {
    return Failure.OVERLOADED.because("too many large results are on their way");
  }
}
