package dev.recall.bus;

import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import dev.recall.loop.Trace;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/** Asks any node, in JSON. */
final class ClusterRequester<Q, R> implements Requester<Q, R> {

  private final EventBus eventBus;
  private final Address.Cluster<Q, R> address;
  private final Duration deadline;
  private final AtomicInteger inFlight = new AtomicInteger();
  private final IntSupplier pending = inFlight::get;
  private final BusMeters meters;
  private final LongSupplier nanoTime;

  ClusterRequester(
      EventBus eventBus, Address.Cluster<Q, R> address, Duration deadline, BusParts parts) {
    this.eventBus = eventBus;
    this.address = address;
    this.deadline = deadline;
    this.meters = parts.meters();
    nanoTime = parts.nanoTime();
    meters.pending(address.name(), pending);
  }

  @Override
  public void close() {
    meters.ended(address.name(), pending);
  }

  @Override
  public Future<R> request(Q request) {
    if (inFlight.incrementAndGet() > MAX_IN_FLIGHT) {
      inFlight.decrementAndGet();
      return Future.failedFuture(Failure.OVERLOADED.because("too many requests are in flight"));
    }
    long begun = nanoTime.getAsLong();
    return send(request)
        .transform(
            (reply, failure) -> {
              inFlight.decrementAndGet();
              return failure == null ? read(reply) : Future.failedFuture(asFailure(failure, begun));
            });
  }

  private Future<Message<Object>> send(Q request) {
    MultiMap headers = MultiMap.caseInsensitiveMultiMap();
    Object body = address.request().write(request, headers);
    String trace = Trace.current();
    if (!trace.isEmpty()) {
      headers.add(Trace.HEADER, trace);
    }
    return eventBus.request(
        address.name(),
        body,
        new DeliveryOptions().setSendTimeout(deadline.toMillis()).setHeaders(headers));
  }

  private Future<R> read(Message<Object> reply) {
    try {
      return Future.succeededFuture(address.reply().read(reply));
    } catch (FailureException notAsAgreed) { // which is not the fault of whoever asked
      return Future.failedFuture(
          Failure.ORIGIN_FAILED.because(
              "the reply of " + address.name() + " is not as agreed: " + notAsAgreed.detail()));
    }
  }

  private Throwable asFailure(Throwable cause, long begun) {
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
