package dev.recall.bus;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Sends requests to one {@link Address}. The event bus has no back-pressure, so it refuses what
 * would be more than {@value #MAX_IN_FLIGHT} at a time.
 */
public final class Requester<Q, R> {

  private static final int MAX_IN_FLIGHT = 10_000;

  private final EventBus eventBus;
  private final Address<Q, R> address;
  private final Duration deadline;
  private final DeliveryOptions localOptions;
  private final AtomicInteger inFlight = new AtomicInteger();

  /** Where a local service is asked: on this event loop, unless nobody serves it there. */
  private volatile String localName;

  Requester(EventBus eventBus, Address<Q, R> address, Duration deadline) {
    this.eventBus = eventBus;
    this.address = address;
    this.deadline = deadline;
    this.localName = address.onThisLoop();
    this.localOptions = timed().setLocalOnly(true).setCodecName(LocalCodec.NAME);
  }

  /**
   * Sends a request once; it is never repeated.
   *
   * @return the reply, or a {@link FailureException}: what the server refused with, {@link
   *     Failure#TIMED_OUT}, {@link Failure#NO_SERVER} or {@link Failure#OVERLOADED}
   */
  public Future<R> request(Q request) {
    if (inFlight.incrementAndGet() > MAX_IN_FLIGHT) {
      inFlight.decrementAndGet();
      return Future.failedFuture(Failure.OVERLOADED.because("too many requests are in flight"));
    }
    return send(request)
        .transform(
            (reply, failure) -> {
              inFlight.decrementAndGet();
              return failure == null ? read(reply) : Future.failedFuture(asFailure(failure));
            });
  }

  private Future<Message<Object>> send(Q request) {
    if (address.local()) {
      return sendLocally(request);
    }
    MultiMap headers = MultiMap.caseInsensitiveMultiMap();
    Object body = address.request().write(request, headers);
    return eventBus.request(address.name(), body, timed().setHeaders(headers));
  }

  private Future<Message<Object>> sendLocally(Q request) {
    String name = localName;
    Future<Message<Object>> reply = eventBus.request(name, request, localOptions);
    if (name.equals(address.name())) {
      return reply;
    }
    return reply.recover(
        failure -> {
          if (!isUnserved(failure)) {
            return Future.failedFuture(failure);
          }
          localName = address.name();
          return sendLocally(request);
        });
  }

  private static boolean isUnserved(Throwable failure) {
    return failure instanceof ReplyException refusal
        && refusal.failureType() == ReplyFailure.NO_HANDLERS;
  }

  private DeliveryOptions timed() {
    return new DeliveryOptions().setSendTimeout(deadline.toMillis());
  }

  private Future<R> read(Message<Object> reply) {
    try {
      return Future.succeededFuture(address.reply().read(reply.body(), reply::headers));
    } catch (FailureException notAsAgreed) {
      return Future.failedFuture(notAsAgreed);
    }
  }

  private Throwable asFailure(Throwable cause) {
    if (!(cause instanceof ReplyException refusal)) {
      return cause;
    }
    return switch (refusal.failureType()) {
      case TIMEOUT -> Failure.TIMED_OUT.because("no answer within " + deadline.toMillis() + " ms");
      case NO_HANDLERS -> Failure.NO_SERVER.because("no node serves " + address.name());
      default -> Failure.of(refusal.failureCode()).because(String.valueOf(refusal.getMessage()));
    };
  }
}
