package dev.recall.client;

import io.vertx.core.Future;
import java.time.Duration;

/** A way to nodes. */
interface Transport {

  /**
   * Asks once.
   *
   * @param wait for how long a node may keep it waiting
   * @param timeout longest wait for the answer besides
   * @return failed as a {@link dev.recall.failure.FailureException}
   */
  <Q, R, A> Future<A> ask(Call<Q, R, A> call, Q request, Duration wait, Duration timeout);

  /** Ends it; what waits is failed or answered. */
  Future<Void> close();
}
