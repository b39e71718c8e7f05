package dev.recall.client;

import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * When results cannot be remembered: told once of each kind, and not waited for again soon where no
 * answer came in time. Thread-safe.
 */
final class Silences {

  /** Beyond so many kinds nothing is told. */
  private static final int MAX_KINDS = 200;

  private static final Logger LOG = System.getLogger(RecallClient.class.getPackageName());

  private final LongSupplier nanoTime;
  private final Duration rest;
  private final Set<Kind> told = ConcurrentHashMap.newKeySet();
  private volatile long restingUntil;

  /**
   * None yet.
   *
   * @param rest how long is not asked after an answer that did not come
   */
  Silences(LongSupplier nanoTime, Duration rest) {
    this.nanoTime = nanoTime;
    this.rest = rest;
    restingUntil = nanoTime.getAsLong();
  }

  private record Kind(String computation, String failure) {}

  /** Whether it is too early to ask again. */
  boolean isOne() {
    return nanoTime.getAsLong() - restingUntil < 0;
  }

  /** A result was not remembered. */
  void tell(String computation, Throwable why) {
    if (FailureException.isOneOf(why, Failure.LEASE_HELD)) {
      return; // as was agreed: whoever makes it takes longer than this one waits
    }
    if (FailureException.isOneOf(why, Failure.TIMED_OUT)) {
      restingUntil = nanoTime.getAsLong() + rest.toNanos();
    }
    String failure =
        why instanceof FailureException known ? known.failure().urn() : why.getClass().getName();
    if (told.size() < MAX_KINDS && told.add(new Kind(computation, failure))) {
      LOG.log(
          Level.WARNING,
          "results of {0} are not remembered: {1} ({2})",
          computation,
          why.getMessage(),
          failure);
    }
  }
}
