package dev.recall.ops;

import io.netty.util.concurrent.EventExecutor;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.util.Timer;
import java.util.TimerTask;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

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
    VertxInternal loops = (VertxInternal) vertx;
    thread.schedule(
        new TimerTask() {
          @Override
          public void run() {
            if (anyHasEnded(loops) && !closed) {
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

  private static boolean anyHasEnded(VertxInternal vertx) {
    return Stream.of(vertx.nettyEventLoopGroup(), vertx.acceptorEventLoopGroup())
        .flatMap(group -> StreamSupport.stream(group.spliterator(), false))
        .anyMatch(EventExecutor::isShuttingDown);
  }
}
