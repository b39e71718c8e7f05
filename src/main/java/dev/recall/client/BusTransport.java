package dev.recall.client;

import dev.recall.bus.ClusterSender;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.LongSupplier;

/** Asks any node over the event bus. */
final class BusTransport implements Transport {

  private final ClusterSender sender;

  BusTransport(Vertx vertx, LongSupplier nanoTime) {
    sender = new ClusterSender(vertx.eventBus(), nanoTime);
  }

  @Override
  public <Q, R, A> Future<A> ask(Call<Q, R, A> call, Q request, Duration wait, Duration timeout) {
    return sender
        .send(
            call.service().cluster(),
            request,
            MultiMap.caseInsensitiveMultiMap(),
            wait.plus(timeout))
        .map(call.told());
  }

  @Override
  public Future<Void> close() {
    return Future.succeededFuture();
  }
}
