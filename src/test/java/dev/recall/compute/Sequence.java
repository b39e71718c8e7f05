package dev.recall.compute;

import dev.recall.spi.Computation;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** A computation whose every result is another one, so that a test can tell old from new. */
public final class Sequence implements Computation {

  private static final AtomicLong LAST = new AtomicLong();

  /** A number that no computation has answered or will answer. */
  public static String next() {
    return Long.toString(LAST.incrementAndGet());
  }

  @Override
  public String name() {
    return "sequence";
  }

  @Override
  public Duration ttl() {
    return Duration.ofMinutes(1);
  }

  @Override
  public String canonical(String input) {
    return input;
  }

  @Override
  public String compute(String input) {
    return next();
  }
}
