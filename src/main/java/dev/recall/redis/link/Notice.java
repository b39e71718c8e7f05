package dev.recall.redis.link;

import java.util.concurrent.TimeUnit;
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
  private long toldAt = System.nanoTime() - PAUSE_NS;

  Notice(Logger log) {
    this.log = log;
  }

  /** It has begun, or goes on. */
  synchronized void begin(String text) {
    if (on) {
      return;
    }
    on = true;
    long now = System.nanoTime();
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
