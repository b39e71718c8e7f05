package dev.recall.client;

import dev.recall.api.RateApi.Taken;
import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import io.vertx.core.Future;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a rate limit has answered.
 *
 * @param allowed whether it was taken
 * @param remaining how much could be taken now; 0 where it was not allowed
 * @param retryAfter after how long it would be allowed, over HTTP in whole seconds; zero where it
 *     was
 */
public record Allowance(boolean allowed, long remaining, Duration retryAfter) {

  /** That of an answer; HTTP refuses what the bus says in a reply. */
  static Future<Allowance> of(@Nullable Taken taken, @Nullable Throwable failure) {
    if (taken != null) {
      return Future.succeededFuture(
          new Allowance(
              taken.allowed(),
              taken.allowed() ? taken.remaining() : 0,
              Duration.ofMillis(taken.retryAfterMs())));
    }
    return failure instanceof FailureException refusal && refusal.failure() == Failure.RATE_LIMITED
        ? Future.succeededFuture(new Allowance(false, 0, refusal.retryAfter()))
        : Future.failedFuture(failure);
  }
}
