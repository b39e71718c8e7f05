package dev.recall.lender;

import dev.recall.api.CacheApi.Result;
import dev.recall.api.ComputationsApi;
import dev.recall.api.ComputeApi;
import dev.recall.api.ComputeApi.Answer;
import dev.recall.api.ComputeApi.Ask;
import dev.recall.api.ComputeApi.Made;
import dev.recall.api.ComputeApi.Ordered;
import dev.recall.bus.Bus;
import dev.recall.bus.BusParts;
import dev.recall.bus.Requester;
import dev.recall.config.Deadlines;
import dev.recall.config.Definition;
import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import dev.recall.registry.Definitions;
import dev.recall.registry.Lenders;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;

/**
 * Asks those who lend a computation: whoever is asked for least of those who work, and once another
 * where one is gone. One instance for each node.
 */
public final class LenderVerticle extends VerticleBase {

  private static final Duration A_MOMENT = Duration.ofSeconds(1);

  private final Definitions definitions;
  private final Lenders lenders;
  private final BusParts busParts;
  private final Duration deadline;
  private final LongSupplier nanoTime;
  private final Map<String, Lender> byAddress = new HashMap<>();
  private final Map<Key, Requester<Ask, Answer>> requesters = new HashMap<>();
  private Bus bus;

  private record Key(String address, Duration deadline) {}

  /**
   * The verticle of a node.
   *
   * @param deadline longest time for one result, where a computation has no shorter one
   */
  public LenderVerticle(
      Definitions definitions,
      Lenders lenders,
      BusParts busParts,
      Duration deadline,
      LongSupplier nanoTime) {
    this.definitions = definitions;
    this.lenders = lenders;
    this.busParts = busParts;
    this.deadline = deadline;
    this.nanoTime = nanoTime;
  }

  @Override
  public Future<?> start() {
    bus = new Bus(vertx, busParts);
    vertx.setPeriodic(ComputationsApi.SILENCE.toMillis(), beat -> forgetTheGone());
    return bus.serve(ComputeApi.LENT, this::make);
  }

  @Override
  public Future<?> stop() {
    return bus.drain(Deadlines.BUS_DRAIN);
  }

  private Future<Made> make(Ordered ordered) {
    String computation = ordered.computation();
    Definition definition = definitions.of(computation);
    if (definition == null || !definition.isLent()) {
      throw Failure.NO_SERVER.because("nobody lends " + computation);
    }
    List<Lender> all = lenders.addresses(computation).stream().map(this::at).toList();
    if (all.stream().mapToInt(Lender::inFlight).sum() >= definition.inFlight()) {
      throw Failure.OVERLOADED
          .because("the lenders are asked for enough already")
          .retryAfter(A_MOMENT);
    }
    Duration longest = definition.timeout().orElse(deadline);
    Ask ask = new Ask(ordered.input());
    Duration each = all.size() < 2 ? longest : longest.dividedBy(2);
    return next(all, Optional.empty())
        .compose(
            one ->
                ask(one, ask, each)
                    .recover(
                        failure ->
                            all.size() > 1 && isGone(failure)
                                ? next(all, Optional.of(one))
                                    .compose(other -> ask(other, ask, each))
                                : Future.failedFuture(failure)))
        .transform(told(definition));
  }

  private void forgetTheGone() {
    Set<String> there = lenders.addresses();
    byAddress.keySet().retainAll(there);
    requesters
        .entrySet()
        .removeIf(
            asked -> {
              boolean isGone = !there.contains(asked.getKey().address());
              if (isGone) {
                asked.getValue().close();
              }
              return isGone;
            });
  }

  private Lender at(String address) {
    return byAddress.computeIfAbsent(address, first -> new Lender(first, nanoTime));
  }

  private static Future<Lender> next(List<Lender> all, Optional<Lender> without) {
    return all.stream()
        .filter(lender -> without.isEmpty() || !lender.address().equals(without.get().address()))
        .sorted(Comparator.comparingInt(Lender::inFlight))
        .filter(Lender::permits)
        .findFirst()
        .map(Future::succeededFuture)
        .orElseGet(
            () ->
                Future.failedFuture(
                    Failure.NO_SERVER
                        .because("nobody lends it who has not failed of late")
                        .retryAfter(A_MOMENT)));
  }

  private Future<Answer> ask(Lender lender, Ask ask, Duration longest) {
    Requester<Ask, Answer> requester =
        requesters.computeIfAbsent(
            new Key(lender.address(), longest),
            key -> bus.requester(ComputeApi.at(key.address()), key.deadline()));
    return lender.ask(() -> requester.request(ask));
  }

  private static boolean isGone(Throwable failure) {
    return FailureException.isOneOf(failure, Failure.NO_SERVER, Failure.TIMED_OUT);
  }

  /** What is told of what a lender said. */
  private static BiFunction<Answer, Throwable, Future<Made>> told(Definition definition) {
    return (answer, failure) -> {
      if (failure == null) {
        return Result.isLonger(answer.result(), definition.bytes())
            ? Future.failedFuture(
                Failure.ORIGIN_FAILED.because(
                    "its lender answers more than the "
                        + definition.bytes()
                        + " bytes of max-bytes"))
            : Future.succeededFuture(new Made(answer.result()));
      }
      return Future.failedFuture(asFailure(failure, definition));
    };
  }

  private static Throwable asFailure(Throwable cause, Definition definition) {
    if (!(cause instanceof FailureException failure)) {
      return cause;
    }
    return switch (failure.failure()) {
      case NO_SUCH_RESULT -> failure.retryAfter(definition.notFound());
      case TRY_LATER, OVERLOADED ->
          failure.retryAfter().isZero() ? failure.retryAfter(A_MOMENT) : failure;
      case INVALID, NO_SERVER, TIMED_OUT -> failure;
      default -> Failure.ORIGIN_FAILED.because("its lender has failed").retryAfter(A_MOMENT);
    };
  }
}
