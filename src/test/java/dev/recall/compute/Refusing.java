package dev.recall.compute;

import dev.recall.failure.Failure;
import dev.recall.spi.Computation;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A computation that has no result for {@code missing...}, cannot make one now for {@code
 * later...}, and makes one of everything else.
 */
public final class Refusing implements Computation {

  private static final Map<String, AtomicInteger> ASKED = new ConcurrentHashMap<>();

  /** How often it was asked for the result of an input. */
  public static int asked(String input) {
    return ASKED.getOrDefault(input, new AtomicInteger()).get();
  }

  @Override
  public String name() {
    return "refusing";
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
    ASKED.computeIfAbsent(input, first -> new AtomicInteger()).incrementAndGet();
    if (input.startsWith("missing")) {
      throw Failure.NO_SUCH_RESULT
          .because("there is no such product")
          .retryAfter(Duration.ofSeconds(20));
    }
    if (input.startsWith("later")) {
      throw Failure.TRY_LATER.because("the shop is closed").retryAfter(Duration.ofSeconds(20));
    }
    return "of " + input;
  }
}
