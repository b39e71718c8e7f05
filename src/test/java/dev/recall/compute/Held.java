package dev.recall.compute;

import dev.recall.spi.Computation;
import java.time.Duration;
import java.util.concurrent.Semaphore;

/**
 * A computation that ends when the test lets it, found as any user's computation is. It fails for
 * the input {@code failing}, and does not heed an interrupt for {@code stubborn}.
 */
public final class Held implements Computation {

  private static final Semaphore RELEASED = new Semaphore(0);
  private static final Semaphore BEGUN = new Semaphore(0);

  /** Waits until one more has begun. */
  public static void awaitBegun() throws InterruptedException {
    BEGUN.acquire();
  }

  /** How many have begun that nobody has waited for yet. */
  public static int begun() {
    return BEGUN.availablePermits();
  }

  /** Lets this many end. */
  public static void release(int howMany) {
    RELEASED.release(howMany);
  }

  @Override
  public String name() {
    return "held";
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
  public String compute(String input) throws InterruptedException {
    BEGUN.release();
    if (input.equals("stubborn")) {
      RELEASED.acquireUninterruptibly();
    } else {
      RELEASED.acquire();
    }
    if (input.startsWith("failing")) {
      throw new IllegalStateException("it fails, as the test wants it");
    }
    return "held " + input;
  }
}
