package dev.recall.compute;

import dev.recall.failure.Failure;
import dev.recall.loop.OwnContext;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Threads that compute, a bounded {@link FairQueue} before them, and a deadline that interrupts.
 * The worker pools of Vert.x queue without bound and cannot cancel.
 *
 * <p>What would be late, as the time that tasks have taken of late tells, is refused at once. A
 * thread whose task does not heed its interrupt is replaced, but no more of them than there are
 * threads.
 */
final class Workers {

  private static final Logger LOG = LoggerFactory.getLogger(Workers.class);

  /** How long after its interrupt a task may go on before it counts as stuck. */
  private static final long GRACE_MS = 1_000;

  /** How much the latest task weighs in the mean time of all: one in so many. */
  private static final int MEMORY = 8;

  private final Vertx vertx;
  private final int threads;
  private final Duration deadline;
  private final LongSupplier nanoTime;
  private final ExecutorService pool =
      Executors.newCachedThreadPool(task -> new Thread(task, "recall-compute"));

  // Guarded by this.
  private final FairQueue<Task> waiting;
  private int busy;
  private int stuck;
  private long meanNanos;

  /**
   * Workers that are idle.
   *
   * @param threads 1 or more
   * @param queue how many tasks may wait for a thread, 1 or more
   * @param deadline longest time from {@link #run} to the result
   */
  Workers(Vertx vertx, int threads, int queue, Duration deadline, LongSupplier nanoTime) {
    this.vertx = vertx;
    this.threads = threads;
    this.deadline = deadline;
    this.nanoTime = nanoTime;
    waiting = new FairQueue<>(queue);
  }

  /**
   * Runs a task on a thread.
   *
   * @param caller who waits for it; each gets a turn
   * @return completed on the caller's context; failed with what the task threw, with {@link
   *     Failure#TIMED_OUT}, or with {@link Failure#OVERLOADED} where it would be late, or the queue
   *     is full
   */
  Future<String> run(String caller, Callable<String> work) {
    Task task = new Task(caller, work, OwnContext.promise(vertx));
    long timer = vertx.setTimer(deadline.toMillis(), late -> expire(task));
    begin(task);
    return task.result.future().onComplete(done -> vertx.cancelTimer(timer));
  }

  /** Whether a task would begin at once. */
  synchronized boolean areFree() {
    return busy < threads;
  }

  /** How many threads do not heed their interrupt. */
  synchronized int stuck() {
    return stuck;
  }

  /** Cancels everything. */
  void close() {
    pool.shutdownNow();
  }

  private synchronized void begin(Task task) {
    if (busy < threads) {
      busy++;
      start(task);
      return;
    }
    // The one that a thread is at is half done, as a rule.
    long waitNanos = (2L * waiting.before(task.caller) + 1) * meanNanos / (2L * threads);
    Duration late = Duration.ofNanos(waitNanos).minus(deadline);
    Task gone = late.isNegative() ? waiting.add(task.caller, task) : task;
    if (gone != null) {
      gone.refuse(late.isNegative() ? Duration.ZERO : late);
    }
  }

  private void start(Task first) {
    first.begin(nanoTime.getAsLong());
    pool.execute(
        () -> {
          for (Task task = first; task != null; task = next(task)) {
            task.run();
          }
        });
  }

  /** The task to go on with; null where there is none, or this thread has been replaced. */
  private @Nullable Task next(Task done) {
    Thread.interrupted(); // which was meant for this task alone
    long now = nanoTime.getAsLong();
    synchronized (this) {
      done.running = false;
      if (done.replaced) {
        stuck--;
        return null;
      }
      meanNanos += (now - done.begun - meanNanos) / MEMORY;
      long inTime = threads * deadline.toNanos() / Math.max(1, meanNanos);
      waiting.keepFirst(inTime).forEach(late -> late.refuse(Duration.ZERO));
      Task next = waiting.poll();
      if (next == null || pool.isShutdown()) {
        busy--;
        return null;
      }
      next.begin(now);
      return next;
    }
  }

  private void expire(Task task) {
    synchronized (this) {
      waiting.remove(task.caller, task);
    }
    // Cancelled first: once the caller is told, the task does not begin.
    if (task.cancel(true)) {
      task.result.tryFail(
          Failure.TIMED_OUT.because("not computed within " + deadline.toMillis() + " ms"));
      vertx.setTimer(GRACE_MS, over -> replaceIfStuck(task));
    }
  }

  private void replaceIfStuck(Task task) {
    synchronized (this) {
      if (!task.running || stuck == threads) {
        return;
      }
      task.replaced = true;
      stuck++;
      Task next = waiting.poll();
      if (next == null) {
        busy--;
      } else {
        start(next);
      }
    }
    LOG.warn(
        "A computation does not heed its interrupt; its thread is replaced, as {} are", stuck());
  }
}
