package dev.recall.compute;

import dev.recall.bus.Failure;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Threads that compute, a queue before them that is bounded, and a deadline that interrupts. The
 * worker pools of Vert.x queue without bound and cannot cancel.
 */
final class Workers {

  private final Vertx vertx;
  private final Duration deadline;
  private final ThreadPoolExecutor threads;
  private int unfinished;

  /**
   * Workers that are idle.
   *
   * @param threads 1 or more
   * @param queue how many tasks may wait for a thread, 1 or more
   * @param deadline longest time from {@link #run} to the result
   */
  Workers(Vertx vertx, int threads, int queue, Duration deadline) {
    this.vertx = vertx;
    this.deadline = deadline;
    this.threads =
        new ThreadPoolExecutor(
            threads,
            threads,
            1,
            TimeUnit.MINUTES,
            new ArrayBlockingQueue<>(queue),
            task -> new Thread(task, "recall-compute"));
    this.threads.allowCoreThreadTimeOut(true);
  }

  /**
   * Runs a task on a thread.
   *
   * @return completed on the caller's context; failed with what the task threw, with {@link
   *     Failure#TIMED_OUT}, or with {@link Failure#OVERLOADED} where the queue is full
   */
  Future<String> run(Callable<String> task) {
    Promise<String> result = Promise.promise();
    Task running = new Task(task, vertx.getOrCreateContext(), result);
    try {
      threads.execute(running);
    } catch (RejectedExecutionException full) {
      return Future.failedFuture(Failure.OVERLOADED.because("too many computations are waiting"));
    }
    unfinished++;
    long timer = vertx.setTimer(deadline.toMillis(), late -> expire(running, result));
    return result
        .future()
        .onComplete(
            done -> {
              unfinished--;
              vertx.cancelTimer(timer);
            });
  }

  /** Whether a task would begin at once. */
  boolean areFree() {
    return unfinished < threads.getMaximumPoolSize();
  }

  /** Cancels everything. */
  void close() {
    threads.shutdownNow();
  }

  private void expire(Task task, Promise<String> result) {
    // Cancelled first: once the caller is told, the task neither begins nor takes up the queue.
    if (task.cancel(true)) {
      threads.remove(task);
      result.tryFail(
          Failure.TIMED_OUT.because("not computed within " + deadline.toMillis() + " ms"));
    }
  }

  /** A task that can be interrupted, and tells its context how it ended. */
  private static final class Task extends FutureTask<String> {

    private final Context context;
    private final Promise<String> result;

    Task(Callable<String> task, Context context, Promise<String> result) {
      super(task);
      this.context = context;
      this.result = result;
    }

    @Override
    protected void set(String value) {
      super.set(value);
      tell(() -> result.tryComplete(value));
    }

    @Override
    protected void setException(Throwable thrown) {
      super.setException(thrown);
      tell(
          () ->
              result.tryFail(
                  thrown instanceof InterruptedException
                      ? Failure.NO_SERVER.because("this node is stopping")
                      : thrown));
    }

    private void tell(Runnable outcome) {
      if (!isCancelled()) {
        context.runOnContext(ended -> outcome.run());
      }
    }
  }
}
