package dev.recall.client;

import dev.recall.api.ComputationsApi;
import dev.recall.api.ComputationsApi.Lend;
import dev.recall.api.ComputationsApi.Lent;
import dev.recall.api.ComputeApi;
import dev.recall.api.ComputeApi.Answer;
import dev.recall.api.ComputeApi.Ask;
import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.JsonObject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * A computation that this application lends to all nodes: it answers them at an address of its own,
 * and tells every 3 s that it is there, until it is ended or its client is closed. Thread-safe.
 */
public final class Lending {

  private static final Logger LOG = System.getLogger(RecallClient.class.getPackageName());
  private static final long NONE = -1;

  private final Context context;
  private final Asker asker;
  private final Holdings holdings;
  private final int maxInFlight;
  private final String name;
  private final JsonObject definition;
  private final String instance;
  private final Function<String, Future<String>> make;
  private final Promise<Void> idle = Promise.promise();
  private final MessageConsumer<JsonObject> consumer;
  private int inFlight;
  private boolean ended;
  private boolean refused;
  private long beat = NONE;

  Lending(
      Context context,
      Asker asker,
      Holdings holdings,
      int maxInFlight,
      String name,
      JsonObject definition,
      String instance,
      Function<String, Future<String>> make) {
    this.context = context;
    this.asker = asker;
    this.holdings = holdings;
    this.maxInFlight = maxInFlight;
    this.name = name;
    this.definition = definition.copy();
    this.instance = instance;
    this.make = make;
    consumer = context.owner().eventBus().consumer(address());
  }

  private String address() {
    return ComputeApi.of(name).name() + "." + instance;
  }

  /** Answers from now on; failed, and ended, where it may not be lent. */
  Future<Lending> begin() {
    consumer.handler(this::answer);
    return consumer
        .completion()
        .compose(reachable -> asker.ask(LendCall.LEND, () -> announcement(false)))
        .compose(this::begun, failure -> unregistered(Future.failedFuture(failure)));
  }

  private Future<Lending> begun(Lent lent) {
    long pause = lent.heartbeatMs();
    context.runOnContext(
        turn -> tellEvery(pause > 0 ? pause : ComputationsApi.HEARTBEAT.toMillis()));
    holdings.add(this, this::end);
    return asker.isClosed()
        ? Future.failedFuture(Failure.NO_SERVER.because("the client is closed"))
        : Future.succeededFuture(this);
  }

  private Lend announcement(boolean gone) {
    return new Lend(name, definition, instance, Optional.of(address()), gone);
  }

  private synchronized void tellEvery(long pauseMs) {
    if (!ended) {
      beat = context.owner().setPeriodic(pauseMs, due -> tell(Duration.ofMillis(pauseMs)));
    }
  }

  private void tell(Duration patience) {
    asker
        .settle(LendCall.LEND, () -> announcement(false), patience)
        .onComplete(
            (lent, failure) -> {
              boolean isNew = failure != null && !refused;
              refused = failure != null;
              if (isNew) {
                LOG.log(
                    Level.WARNING,
                    "No node hears that {0} is lent: {1}",
                    name,
                    failure.getMessage());
              }
            });
  }

  private void answer(Message<JsonObject> message) {
    if (!isOneMore()) {
      message.fail(Failure.OVERLOADED.code(), "so many results are being made");
      return;
    }
    Work.begun(() -> made(message))
        .onComplete(
            (reply, failure) -> {
              if (failure == null) {
                MultiMap headers = MultiMap.caseInsensitiveMultiMap();
                Object body = Answer.FORM.write(reply, headers);
                message.reply(body, new DeliveryOptions().setHeaders(headers));
              } else {
                refuse(message, failure);
              }
              oneLess();
            });
  }

  private Future<Answer> made(Message<JsonObject> message) {
    Ask ask = Ask.FORM.read(message);
    return make.apply(ask.input()).map(result -> new Answer(name, ask.input(), result));
  }

  private void refuse(Message<JsonObject> message, Throwable why) {
    if (why instanceof FailureException told) {
      message.fail(told.failure().code(), told.detail());
    } else {
      LOG.log(Level.WARNING, "A result of " + name + " could not be made", why);
      message.fail(Failure.ORIGIN_FAILED.code(), "its lender has failed");
    }
  }

  private synchronized boolean isOneMore() {
    if (inFlight >= maxInFlight) {
      return false;
    }
    inFlight++;
    return true;
  }

  private synchronized void oneLess() {
    inFlight--;
    if (ended && inFlight == 0) {
      idle.tryComplete();
    }
  }

  /** Tells all nodes that it ends, answers what was asked until then, and ends. */
  public Future<Void> end() {
    if (!ends()) {
      return Future.succeededFuture();
    }
    holdings.remove(this);
    return asker
        .settle(LendCall.LEND, () -> announcement(true), asker.timeout())
        .transform(told -> idle.future().timeout(asker.timeout().toMillis(), TimeUnit.MILLISECONDS))
        .transform(answered -> unregistered(Future.succeededFuture()));
  }

  private synchronized boolean ends() {
    if (ended) {
      return false;
    }
    ended = true;
    if (beat != NONE) {
      context.owner().cancelTimer(beat);
    }
    if (inFlight == 0) {
      idle.tryComplete();
    }
    return true;
  }

  private <T> Future<T> unregistered(Future<T> outcome) {
    return consumer.unregister().transform(gone -> outcome);
  }
}
