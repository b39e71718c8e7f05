package dev.recall.ops;

import dev.recall.loop.EventLoops;
import io.netty.util.concurrent.EventExecutor;
import io.vertx.core.Vertx;
import java.util.Timer;
import java.util.TimerTask;
import java.util.function.Consumer;

/**
 * Looks every second, from a thread that is no event loop, whether one of those has ended: its
 * verticles and connections would be silent for ever, while the process lives.
 */
public final class LoopWatch implements AutoCloseable {

  private static final long PERIOD_MS = 1_000;

  private final Timer thread = new Timer("recall-loop-watch", true);
  private volatile boolean closed;

  /**
   * Begins to look; until it is closed, which must be before the loops are.
   *
   * @param ended is told, in a sentence, of a loop that has ended
   */
  public LoopWatch(Vertx vertx, Consumer<String> ended) {
    thread.schedule(
        new TimerTask() {
          @Override
          public void run() {
            if (anyHasEnded(vertx) && !closed) {
              ended.accept("an event loop has ended");
            }
          }
        },
        PERIOD_MS,
        PERIOD_MS);
  }

  @Override
  public void close() {
    closed = true;
    thread.cancel();
  }

  private static boolean anyHasEnded(Vertx vertx) {
    return EventLoops.andAcceptorsOf(vertx).stream().anyMatch(EventExecutor::isShuttingDown);
  }
}
