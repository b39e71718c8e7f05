package dev.recall.compute;

import dev.recall.spi.Computation;
import java.time.Duration;

/** The input, written backwards: the computation that README adds. */
public final class Reversed implements Computation {

  @Override
  public String name() {
    return "reversed";
  }

  @Override
  public Duration ttl() {
    return Duration.ofMinutes(5);
  }

  @Override
  public String canonical(String input) {
    return input;
  }

  @Override
  public String compute(String input) {
    return new StringBuilder(input).reverse().toString();
  }
}
