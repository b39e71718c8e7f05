package dev.recall.compute;

import dev.recall.failure.Failure;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

/** A task that can be interrupted, and tells whoever asked how it ended. */
final class Task extends FutureTask<String> {

  final String caller;
  final Promise<String> result;

  // Guarded by the workers.
  boolean running;
  boolean replaced;
  long begun;

  Task(String caller, Callable<String> work, Promise<String> result) {
    super(work);
    this.caller = caller;
    this.result = result;
  }

  void begin(long now) {
    running = true;
    begun = now;
  }

  void refuse(Duration wait) {
    result.tryFail(
        Failure.OVERLOADED.because("too many computations are waiting").retryAfter(wait));
  }

  @Override
  protected void set(String value) {
    super.set(value);
    if (!isCancelled()) {
      result.tryComplete(value);
    }
  }

  @Override
  protected void setException(Throwable thrown) {
    super.setException(thrown);
    if (!isCancelled()) {
      result.tryFail(
          thrown instanceof InterruptedException
              ? Failure.NO_SERVER.because("this node is stopping")
              : thrown);
    }
  }
}
