package dev.recall.bus;

import dev.recall.failure.Bugs;
import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import dev.recall.loop.Discarded;
import dev.recall.loop.OwnContext;
import dev.recall.loop.Trace;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One verticle's end of the event bus: it asks and serves {@link Address addresses} in typed
 * messages, and turns every outcome into a {@link FailureException}. Used on the verticle's context
 * only.
 */
public final class Bus {

  private static final Logger LOG = LoggerFactory.getLogger(Bus.class);

  /** How many requests of a cluster-wide address one verticle answers at a time. */
  static final int MAX_SERVED = 256;

  private final Vertx vertx;
  private final EventBus eventBus;
  private final BusParts parts;
  private final List<MessageConsumer<?>> consumers = new ArrayList<>();
  private final AtomicInteger serving = new AtomicInteger();
  private final Promise<Void> idle;
  private volatile boolean draining;

  /** The end for the verticle whose context is current. */
  public Bus(Vertx vertx, BusParts parts) {
    this.vertx = vertx;
    this.parts = parts;
    this.eventBus = vertx.eventBus();
    // Of the verticle's context, whichever thread gives the last answer.
    this.idle = OwnContext.promise(vertx);
  }

  /**
   * Makes local messages possible, and no object of any class from elsewhere; once for each Vert.x.
   */
  public static void register(Vertx vertx) {
    vertx
        .eventBus()
        .registerCodec(new LocalCodec())
        .serializableChecker(name -> false)
        .clusterSerializableChecker(name -> false);
  }

  /**
   * Somewhere to send requests.
   *
   * @param deadline longest wait for a reply, at least one millisecond
   */
  public <Q, R> Requester<Q, R> requester(Address<Q, R> address, Duration deadline) {
    return address instanceof Address.Local<Q, R> local
        ? new LocalRequester<>(vertx, local, deadline, parts)
        : new ClusterRequester<>(eventBus, (Address.Cluster<Q, R>) address, deadline, parts);
  }

  /**
   * Answers the requests of an address, from now until {@link #drain}; where nothing is clustered,
   * a cluster-wide address serves this process. Past {@value #MAX_SERVED} at a time those of a
   * cluster-wide address are refused: the event bus has no back-pressure.
   *
   * @param handler a failed or thrown {@link FailureException} is told to the caller, anything else
   *     is logged and told as {@link Failure#INTERNAL}
   * @return completed when every node can reach it
   */
  public <Q, R> Future<Void> serve(Address<Q, R> address, Function<Q, Future<R>> handler) {
    if (address instanceof Address.Local<Q, R> local) {
      return Future.all(
              exchange(eventBus.localConsumer(local.onThisLoop()), local, handler),
              exchange(eventBus.localConsumer(local.name()), local, handler))
          .mapEmpty();
    }
    Address.Cluster<Q, R> cluster = (Address.Cluster<Q, R>) address;
    AtomicInteger served = new AtomicInteger();
    return consume(
        eventBus.consumer(cluster.name()),
        message -> {
          if (served.get() < MAX_SERVED) {
            answer(cluster, handler, message, served);
          } else {
            message.fail(Failure.OVERLOADED.code(), "too many requests to " + cluster.name());
          }
        });
  }

  /** Answers the requests of this process and, where it is clustered, of the cluster. */
  public <Q, R> Future<Void> serve(Service<Q, R> service, Function<Q, Future<R>> handler) {
    Future<Void> local = serve(service.local(), handler);
    return vertx.isClustered()
        ? Future.all(local, serve(service.cluster(), handler)).mapEmpty()
        : local;
  }

  /** Tells everybody who hears of a topic, on this node and, where it is clustered, on all. */
  public <E> void publish(Topic<E> topic, E event) {
    MultiMap headers = MultiMap.caseInsensitiveMultiMap();
    Object body = topic.form().write(event, headers);
    eventBus.publish(topic.name(), body, new DeliveryOptions().setHeaders(headers));
  }

  /**
   * Hears of a topic from now on, until {@link #drain}; what is not in its form is passed over.
   *
   * @return completed when every node tells this one
   */
  public <E> Future<Void> hear(Topic<E> topic, Consumer<E> heard) {
    return consume(
        eventBus.<Object>consumer(topic.name()),
        message -> {
          E event;
          try {
            event = topic.form().read(message);
          } catch (FailureException notAsAgreed) {
            LOG.debug("Passed over: {}, {}", topic.name(), notAsAgreed.detail());
            return;
          }
          heard.accept(event);
        });
  }

  /**
   * Takes no more requests; completed when every one taken is answered, or after the longest wait.
   */
  public Future<Void> drain(Duration longest) {
    return Future.join(consumers.stream().map(MessageConsumer::unregister).toList())
        .transform(
            outcome -> {
              draining = true;
              completeWhenIdle();
              return idle.future()
                  .timeout(longest.toMillis(), TimeUnit.MILLISECONDS)
                  .otherwiseEmpty();
            });
  }

  private <Q, R> Future<Void> exchange(
      MessageConsumer<Exchange<Q, R>> consumer,
      Address.Local<Q, R> address,
      Function<Q, Future<R>> handler) {
    // What is on its way when the consumer goes has no reply address to be refused at.
    Discarded.tell(consumer, late -> late.reply().tryFail(Failure.unserved(address.name())));
    return consume(consumer, message -> answer(address, handler, message.body()));
  }

  private <T> Future<Void> consume(MessageConsumer<T> consumer, Handler<Message<T>> handler) {
    consumers.add(consumer);
    consumer.handler(handler);
    return consumer.completion();
  }

  private <Q, R> void answer(
      Address.Local<Q, R> address, Function<Q, Future<R>> handler, Exchange<Q, R> exchange) {
    Trace.follow(exchange.trace());
    handle(exchange::request, handler)
        .onComplete(
            (reply, failure) -> {
              if (failure == null) {
                exchange.reply().tryComplete(reply);
              } else {
                exchange.reply().tryFail(refusal(address, failure));
              }
              answered();
            });
  }

  private <Q, R> void answer(
      Address.Cluster<Q, R> address,
      Function<Q, Future<R>> handler,
      Message<Object> message,
      AtomicInteger served) {
    served.incrementAndGet();
    Trace.follow(Trace.of(message.headers().get(Trace.HEADER)));
    handle(() -> address.request().read(message), handler)
        .onComplete(
            (reply, failure) -> {
              if (failure == null) {
                reply(address, message, reply);
              } else {
                FailureException refusal = refusal(address, failure);
                message.fail(refusal.failure().code(), refusal.detail());
              }
              served.decrementAndGet();
              answered();
            });
  }

  private static <Q, R> void reply(
      Address.Cluster<Q, R> address, Message<Object> message, R reply) {
    MultiMap headers = MultiMap.caseInsensitiveMultiMap();
    Object body = address.reply().write(reply, headers);
    message.reply(body, new DeliveryOptions().setHeaders(headers));
  }

  private <Q, R> Future<R> handle(Supplier<Q> request, Function<Q, Future<R>> handler) {
    serving.incrementAndGet();
    try {
      return handler.apply(request.get());
    } catch (Throwable thrown) { // an Error, too, must not leave the caller without a reply
      return Future.failedFuture(thrown);
    }
  }

  private void answered() {
    serving.decrementAndGet();
    completeWhenIdle();
  }

  private void completeWhenIdle() {
    if (draining && serving.get() == 0) {
      idle.tryComplete();
    }
  }

  private static FailureException refusal(Address<?, ?> address, Throwable cause) {
    return cause instanceof FailureException refusal
        ? refusal
        : Bugs.tell(LOG, "A request to " + address.name(), cause);
  }
}
