package dev.recall.testing;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** Many callers at once, each in a thread of its own. */
public final class Crowd {

  private Crowd() {}

  /** What one of them does. */
  public interface Caller {
    void call(int who) throws Exception;
  }

  /** Lets all do their work; fails as the first of them that failed. */
  public static void of(int callers, Caller caller) throws InterruptedException {
    ExecutorService threads = Executors.newFixedThreadPool(callers);
    try {
      List<Future<?>> all =
          IntStream.range(0, callers)
              .<Future<?>>mapToObj(who -> threads.submit(() -> run(caller, who)))
              .toList();
      for (Future<?> one : all) {
        one.get();
      }
    } catch (ExecutionException failed) {
      throw new AssertionError("a caller failed: " + failed.getCause(), failed.getCause());
    } finally {
      threads.shutdownNow();
      threads.awaitTermination(10, TimeUnit.SECONDS);
    }
  }

  private static Void run(Caller caller, int who) throws Exception {
    caller.call(who);
    return null;
  }
}
