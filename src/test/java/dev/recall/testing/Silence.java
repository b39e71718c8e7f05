package dev.recall.testing;

import java.time.Duration;

/** Time in which nobody speaks, for a test whose fault that is. */
public final class Silence {

  private Silence() {}

  /** Lasts so long. Whoever waits for something to happen waits for that, and not for a time. */
  public static void last(Duration time) throws InterruptedException {
    Thread.sleep(time.toMillis());
  }
}
