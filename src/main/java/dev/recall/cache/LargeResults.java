package dev.recall.cache;

import dev.recall.failure.Failure;
import dev.recall.redis.ResultStore;
import io.vertx.core.Future;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Results of {@value ResultStore#LARGE} bytes or more: a node holds a few at a time, none of them
 * too long, and remembers which computations have them. Thread-safe.
 */
final class LargeResults {

  private final long maxBytes;
  private final HeldBytes held;
  private final Set<String> computations = ConcurrentHashMap.newKeySet();

  /**
   * None yet.
   *
   * @param maxBytes how long a result may be
   * @param held what is held of all of them
   */
  LargeResults(long maxBytes, HeldBytes held) {
    this.maxBytes = maxBytes;
    this.held = held;
  }

  /** How long a result may be, in bytes. */
  long maxBytes() {
    return maxBytes;
  }

  /**
   * Refuses a result that is too long.
   *
   * @throws dev.recall.failure.FailureException {@link Failure#RESULT_TOO_LARGE}
   */
  void requireRoom(long bytes) {
    if (bytes > maxBytes) {
      throw Failure.RESULT_TOO_LARGE.because(
          "the result has " + bytes + " bytes, and this node has room for " + maxBytes);
    }
  }

  /** A computation has them: from now on no two results of it are read with one command. */
  void saw(Policy policy) {
    computations.add(policy.computation());
  }

  /** Whether a result of this computation has been large. */
  boolean areOf(Policy policy) {
    return computations.contains(policy.computation());
  }

  /**
   * Does something with a result in hand, large or not; a large one is there twice, as a text and
   * as bytes.
   *
   * @param bytes of the result
   * @return failed as {@link Failure#OVERLOADED} where too many are held
   */
  <T> Future<T> holding(Policy policy, long bytes, Supplier<Future<T>> work) {
    if (bytes < ResultStore.LARGE) {
      return work.get();
    }
    saw(policy);
    return held.during(2 * bytes, work);
  }
}
