package dev.recall.spi;

import dev.recall.failure.FailureException;
import java.time.Duration;

/**
 * Something expensive whose result depends on its input alone. Implementations are found by {@link
 * java.util.ServiceLoader}, have no state and are called on several threads.
 */
public interface Computation {

  /**
   * The name callers use, and the prefix of its keys in Redis: 1 to 64 lower-case letters, digits
   * and hyphens; not one that keys of another kind begin with, like {@code counter}.
   */
  String name();

  /** How long a result is remembered; at least a millisecond. */
  Duration ttl();

  /**
   * The one way to write this input, so that equal inputs share one result. Called on an event
   * loop: it must be quick.
   *
   * @throws FailureException {@link dev.recall.failure.Failure#INVALID} where nothing can be
   *     computed from it
   */
  String canonical(String input);

  /** Whether a text found in Redis can be a result; where not, it is computed and replaced. */
  default boolean isResult(String text) {
    return true;
  }

  /**
   * Computes, on a worker thread. What it throws is a bug, a 500 to whoever asks, unless it says
   * more: {@code Failure.NO_SUCH_RESULT.because("no such product").retryAfter(time)} is a 404 for
   * that time, on every node, and {@code Failure.TRY_LATER} likewise a 503.
   *
   * @param input in canonical form
   * @throws FailureException where there is no result
   * @throws InterruptedException soon after the thread is interrupted, which is how a computation
   *     past its deadline is cancelled
   */
  String compute(String input) throws InterruptedException;
}
