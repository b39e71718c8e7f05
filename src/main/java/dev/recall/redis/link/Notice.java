package dev.recall.redis.link;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;

/**
 * Says in the log when a state begins and when it ends; of one that comes and goes, at most once a
 * minute. Thread-safe.
 */
final class Notice {

  private static final long PAUSE_NS = TimeUnit.MINUTES.toNanos(1);

  private final Logger log;
  private boolean on;
  private boolean told;
  private final LongSupplier nanoTime;
  private long toldAt;

  Notice(Logger log, LongSupplier nanoTime) {
    this.log = log;
    this.nanoTime = nanoTime;
    toldAt = nanoTime.getAsLong() - PAUSE_NS;
  }

  /** It has begun, or goes on. */
  synchronized void begin(String text) {
    if (on) {
      return;
    }
    on = true;
    long now = nanoTime.getAsLong();
    told = now - toldAt >= PAUSE_NS;
    if (told) {
      toldAt = now;
      log.warn(text);
    }
  }

  /** It has ended, if it had begun. */
  synchronized void end(String text) {
    if (on && told) {
      log.info(text);
    }
    on = false;
  }
}
