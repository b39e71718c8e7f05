package dev.recall.bus;

import dev.recall.failure.Failure;
import dev.recall.loop.Trace;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.eventbus.EventBus;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;

/** Asks any node, in JSON. */
final class ClusterRequester<Q, R> implements Requester<Q, R> {

  private final ClusterSender sender;
  private final Address.Cluster<Q, R> address;
  private final Duration deadline;
  private final AtomicInteger inFlight = new AtomicInteger();
  private final IntSupplier pending = inFlight::get;
  private final BusMeters meters;

  ClusterRequester(
      EventBus eventBus, Address.Cluster<Q, R> address, Duration deadline, BusParts parts) {
    this.sender = new ClusterSender(eventBus, parts.nanoTime());
    this.address = address;
    this.deadline = deadline;
    this.meters = parts.meters();
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
    MultiMap headers = MultiMap.caseInsensitiveMultiMap();
    String trace = Trace.current();
    if (!trace.isEmpty()) {
      headers.add(Trace.HEADER, trace);
    }
    return sender
        .send(address, request, headers, deadline)
        .onComplete(answered -> inFlight.decrementAndGet());
  }
}
