package dev.recall.client;

import java.time.Duration;
import java.util.Optional;

/**
 * How Recall is asked.
 *
 * @param timeout longest wait for an answer, beside what is waited for a lock or for another's
 *     result; 1 ms to 1 h
 * @param token what HTTP requests prove themselves with; the event bus asks for none
 * @param maxInFlight how many requests may wait for their answers, and how many results may be made
 *     at a time of each computation that is lent, 1 or more; past it they are refused as {@link
 *     dev.recall.failure.Failure#OVERLOADED}
 */
public record ClientOptions(Duration timeout, Optional<String> token, int maxInFlight) {

  private static final Duration LONGEST = Duration.ofHours(1);

  /** An answer within 10 s, no token, and 1000 requests at a time. */
  public static final ClientOptions DEFAULT =
      new ClientOptions(Duration.ofSeconds(10), Optional.empty(), 1000);

  /**
   * @throws IllegalArgumentException where a value is out of its range
   */
  public ClientOptions {
    if (timeout.toMillis() < 1 || timeout.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("timeout must be from 1 ms to 1 h: " + timeout);
    }
    if (maxInFlight < 1) {
      throw new IllegalArgumentException("maxInFlight must be 1 or more: " + maxInFlight);
    }
    if (token.isPresent() && !token.get().matches("[!-~]+")) {
      throw new IllegalArgumentException("a token has visible ASCII characters alone");
    }
  }

  /** The same with another timeout. */
  public ClientOptions timeout(Duration other) {
    return new ClientOptions(other, token, maxInFlight);
  }

  /** The same with a token. */
  public ClientOptions token(String other) {
    return new ClientOptions(timeout, Optional.of(other), maxInFlight);
  }

  /** The same with another bound. */
  public ClientOptions maxInFlight(int other) {
    return new ClientOptions(timeout, token, other);
  }

  /** What it is without the token, which is for nobody's log. */
  @Override
  public String toString() {
    return "ClientOptions[timeout=" + timeout + ", maxInFlight=" + maxInFlight + "]";
  }
}
