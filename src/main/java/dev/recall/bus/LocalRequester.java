package dev.recall.bus;

import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import dev.recall.loop.OwnContext;
import dev.recall.loop.Trace;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.MessageProducer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Asks a verticle of this process, on this event loop if one serves there. All requests have the
 * same deadline, so the oldest is late first, and one timer looks after them all.
 */
final class LocalRequester<Q, R> implements Requester<Q, R> {

  private static final DeliveryOptions OPTIONS =
      new DeliveryOptions().setLocalOnly(true).setCodecName(LocalCodec.NAME);

  /** How much later than its deadline a request may be refused, in parts of it. */
  private static final long SLACK = 10;

  private final Vertx vertx;
  private final Address.Local<Q, R> address;
  private final Duration deadline;
  private final LongSupplier nanoTime;
  private final MessageProducer<Object> anywhere;
  private final Set<Exchange<Q, R>> unanswered = Collections.synchronizedSet(new LinkedHashSet<>());
  private volatile MessageProducer<Object> server;

  LocalRequester(Vertx vertx, Address.Local<Q, R> address, Duration deadline, BusParts parts) {
    this.vertx = vertx;
    this.address = address;
    this.deadline = deadline;
    nanoTime = parts.nanoTime();
    anywhere = vertx.eventBus().sender(address.name(), OPTIONS);
    server = vertx.eventBus().sender(address.onThisLoop(), OPTIONS);
    vertx.setPeriodic(Math.max(1, Math.min(100, deadline.toMillis() / SLACK)), now -> expire());
    parts.meters().pending(address.name(), unanswered::size);
  }

  @Override
  public Future<R> request(Q request) {
    if (unanswered.size() >= MAX_IN_FLIGHT) {
      return Future.failedFuture(Failure.OVERLOADED.because("too many requests are in flight"));
    }
    Exchange<Q, R> exchange =
        new Exchange<>(request, OwnContext.promise(vertx), nanoTime.getAsLong(), Trace.current());
    unanswered.add(exchange);
    send(exchange, server);
    return exchange.reply().future().onComplete(answered -> unanswered.remove(exchange));
  }

  private void send(Exchange<Q, R> exchange, MessageProducer<Object> to) {
    to.write(exchange)
        .onFailure(
            unserved -> {
              if (to == anywhere) {
                exchange.reply().tryFail(Failure.unserved(address.name()));
              } else {
                server = anywhere;
                send(exchange, anywhere);
              }
            });
  }

  private void expire() {
    long latest = nanoTime.getAsLong() - deadline.toNanos();
    List<Exchange<Q, R>> late = new ArrayList<>();
    synchronized (unanswered) {
      for (Exchange<Q, R> oldest : unanswered) {
        if (oldest.begun() - latest > 0) {
          break;
        }
        late.add(oldest);
      }
    }
    FailureException failure =
        Failure.TIMED_OUT.because("no answer within " + deadline.toMillis() + " ms");
    late.forEach(exchange -> exchange.reply().tryFail(failure));
  }
}
