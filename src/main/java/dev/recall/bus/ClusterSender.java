package dev.recall.bus;

import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Sends single requests to any node, in JSON, and reads what comes of them. It needs nothing of
 * Recall but the forms of messages: other applications use it, too.
 */
public final class ClusterSender {

  private final EventBus eventBus;
  private final LongSupplier nanoTime;

  /**
   * A sender on a bus.
   *
   * @param nanoTime as {@link System#nanoTime()}
   */
  public ClusterSender(EventBus eventBus, LongSupplier nanoTime) {
    this.eventBus = eventBus;
    this.nanoTime = nanoTime;
  }

  /**
   * Sends a request once; it is never repeated.
   *
   * @param headers what goes along beside those of the form; more are added
   * @param deadline longest wait for the reply, at least one millisecond
   * @return the reply, or a {@link FailureException}, as {@link Requester#request} tells
   */
  public <Q, R> Future<R> send(
      Address.Cluster<Q, R> address, Q request, MultiMap headers, Duration deadline) {
    Object body = address.request().write(request, headers);
    long begun = nanoTime.getAsLong();
    return eventBus
        .request(
            address.name(),
            body,
            new DeliveryOptions().setSendTimeout(deadline.toMillis()).setHeaders(headers))
        .transform(
            (reply, failure) ->
                failure == null
                    ? read(address, reply)
                    : Future.failedFuture(asFailure(address, failure, begun, deadline)));
  }

  private static <R> Future<R> read(Address.Cluster<?, R> address, Message<Object> reply) {
    try {
      return Future.succeededFuture(address.reply().read(reply));
    } catch (FailureException notAsAgreed) { // which is not the fault of whoever asked
      return Future.failedFuture(
          Failure.ORIGIN_FAILED.because(
              "the reply of " + address.name() + " is not as agreed: " + notAsAgreed.detail()));
    }
  }

  private Throwable asFailure(
      Address.Cluster<?, ?> address, Throwable cause, long begun, Duration deadline) {
    if (!(cause instanceof ReplyException refusal)) {
      return cause;
    }
    return switch (refusal.failureType()) {
      // Before its time it comes from a node that stopped serving while the request was on its way.
      case TIMEOUT ->
          nanoTime.getAsLong() - begun < deadline.toNanos() * 9 / 10
              ? Failure.unserved(address.name())
              : Failure.TIMED_OUT.because("no answer within " + deadline.toMillis() + " ms");
      case NO_HANDLERS -> Failure.unserved(address.name());
      default -> Failure.of(refusal.failureCode()).because(String.valueOf(refusal.getMessage()));
    };
  }
}
