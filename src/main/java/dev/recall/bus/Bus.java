package dev.recall.bus;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.internal.VertxInternal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One verticle's end of the event bus: it asks and serves {@link Address addresses} in typed
 * messages, and turns every outcome into a {@link FailureException}. Used on the verticle's context
 * only.
 */
public final class Bus {

  private static final Logger LOG = LoggerFactory.getLogger(Bus.class);
  private static final long DRAIN_SECONDS = 5;
  private static final DeliveryOptions LOCAL_REPLY =
      new DeliveryOptions().setLocalOnly(true).setCodecName(LocalCodec.NAME);

  private final Vertx vertx;
  private final EventBus eventBus;
  private final List<MessageConsumer<Object>> consumers = new ArrayList<>();
  private final AtomicInteger serving = new AtomicInteger();
  private final Promise<Void> idle;
  private volatile boolean draining;

  /** The end for the verticle whose context is current. */
  public Bus(Vertx vertx) {
    this.vertx = vertx;
    this.eventBus = vertx.eventBus();
    // Of the verticle's context, whichever thread gives the last answer.
    this.idle = ((VertxInternal) vertx).promise();
  }

  /** Makes local messages possible; once for each Vert.x. */
  public static void register(Vertx vertx) {
    vertx.eventBus().registerCodec(new LocalCodec());
  }

  /**
   * Somewhere to send requests.
   *
   * @param deadline longest wait for a reply, at least one millisecond
   */
  public <Q, R> Requester<Q, R> requester(Address<Q, R> address, Duration deadline) {
    return new Requester<>(eventBus, address, deadline);
  }

  /**
   * Answers the requests of an address, from now until {@link #drain()}; where nothing is
   * clustered, a cluster-wide address serves this process.
   *
   * @param handler a failed or thrown {@link FailureException} is told to the caller, anything else
   *     is logged and told as {@link Failure#INTERNAL}
   * @return completed when every node can reach it
   */
  public <Q, R> Future<Void> serve(Address<Q, R> address, Function<Q, Future<R>> handler) {
    if (!address.local()) {
      return consume(eventBus.consumer(address.name()), address, handler);
    }
    return Future.all(
            consume(eventBus.localConsumer(address.onThisLoop()), address, handler),
            consume(eventBus.localConsumer(address.name()), address, handler))
        .mapEmpty();
  }

  /** Answers the requests of this process and, where it is clustered, of the cluster. */
  public <Q, R> Future<Void> serve(Service<Q, R> service, Function<Q, Future<R>> handler) {
    Future<Void> local = serve(service.local(), handler);
    return vertx.isClustered()
        ? Future.all(local, serve(service.cluster(), handler)).mapEmpty()
        : local;
  }

  /** Takes no more requests; completed when every one taken is answered, or after 5 seconds. */
  public Future<Void> drain() {
    List<Future<Void>> gone = consumers.stream().map(MessageConsumer::unregister).toList();
    return Future.join(gone)
        .transform(
            outcome -> {
              draining = true;
              completeWhenIdle();
              return idle.future().timeout(DRAIN_SECONDS, TimeUnit.SECONDS).otherwiseEmpty();
            });
  }

  private <Q, R> Future<Void> consume(
      MessageConsumer<Object> consumer, Address<Q, R> address, Function<Q, Future<R>> handler) {
    consumers.add(consumer);
    consumer.handler(message -> answer(address, handler, message));
    return consumer.completion();
  }

  private <Q, R> void answer(
      Address<Q, R> address, Function<Q, Future<R>> handler, Message<Object> message) {
    serving.incrementAndGet();
    handle(address, handler, message)
        .onComplete(
            (reply, failure) -> {
              if (failure == null) {
                reply(address, message, reply);
              } else {
                refuse(address, message, failure);
              }
              serving.decrementAndGet();
              completeWhenIdle();
            });
  }

  private void completeWhenIdle() {
    if (draining && serving.get() == 0) {
      idle.tryComplete();
    }
  }

  private static <Q, R> Future<R> handle(
      Address<Q, R> address, Function<Q, Future<R>> handler, Message<Object> message) {
    try {
      return handler.apply(address.request().read(message.body(), message::headers));
    } catch (RuntimeException thrown) {
      return Future.failedFuture(thrown);
    }
  }

  private static <R> void reply(Address<?, R> address, Message<Object> message, R reply) {
    if (address.local()) {
      message.reply(reply, LOCAL_REPLY);
    } else {
      MultiMap headers = MultiMap.caseInsensitiveMultiMap();
      Object body = address.reply().write(reply, headers);
      message.reply(body, new DeliveryOptions().setHeaders(headers));
    }
  }

  private static void refuse(Address<?, ?> address, Message<Object> message, Throwable cause) {
    if (cause instanceof FailureException refusal) {
      message.fail(refusal.failure().code(), refusal.detail());
    } else {
      LOG.error("A request to {} failed by a bug", address.name(), cause);
      message.fail(Failure.INTERNAL.code(), "this is a bug; the log of the node tells more");
    }
  }
}
