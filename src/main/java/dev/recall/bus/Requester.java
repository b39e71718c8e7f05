package dev.recall.bus;

import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import io.vertx.core.Future;

/**
 * Sends requests to one {@link Address}. The event bus has no back-pressure, so it refuses what
 * would be more than {@value #MAX_IN_FLIGHT} at a time.
 */
public interface Requester<Q, R> {

  /** How many requests may wait for their replies. */
  int MAX_IN_FLIGHT = 10_000;

  /**
   * Sends a request once; it is never repeated.
   *
   * @return the reply, or a {@link FailureException}: what the server refused with, {@link
   *     Failure#TIMED_OUT}, {@link Failure#NO_SERVER} or {@link Failure#OVERLOADED}
   */
  Future<R> request(Q request);

  /** It is asked no more; what waits is answered all the same. */
  default void close() {}
}
