package dev.recall.cache;

import dev.recall.api.ComputeApi;
import dev.recall.api.ComputeApi.Answer;
import dev.recall.api.ComputeApi.Ask;
import dev.recall.api.ComputeApi.Made;
import dev.recall.api.ComputeApi.Ordered;
import dev.recall.bus.Address;
import dev.recall.bus.Bus;
import dev.recall.bus.Requester;
import dev.recall.cache.Policy.Question;
import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Has results computed: by this node while one of its workers is free, else by any node. */
final class ComputeRequester {

  private final Bus bus;
  private final CacheMeters meters;
  private final Duration deadline;
  private final boolean others;
  private final Requester<Ordered, Made> origin;
  private final Map<String, Requester<Ask, Answer>> requesters = new HashMap<>();

  /**
   * A loader for the verticle whose end of the bus this is.
   *
   * @param deadline longest wait for a result, whoever computes it
   * @param others whether there may be other nodes that compute
   */
  ComputeRequester(Bus bus, CacheMeters meters, Duration deadline, boolean others) {
    this.bus = bus;
    this.meters = meters;
    this.deadline = deadline;
    this.others = others;
    origin = bus.requester(ComputeApi.ORIGIN, deadline);
  }

  Duration deadline() {
    return deadline;
  }

  /**
   * The result.
   *
   * @param leftMs of the deadline, 1 or more
   * @return failed with what the computation failed with, or {@link #late}
   */
  Future<Made> compute(Question question, long leftMs) {
    return request(question)
        .timeout(leftMs, TimeUnit.MILLISECONDS)
        .recover(
            failure -> Future.failedFuture(failure instanceof TimeoutException ? late() : failure))
        .onSuccess(answer -> meters.computed())
        .onFailure(failure -> meters.failed());
  }

  private Future<Made> request(Question question) {
    String computation = question.policy().computation();
    return switch (question.policy().maker()) {
      case CLASS -> work(computation, new Ask(question.input(), question.caller()));
      case URL -> origin.request(new Ordered(computation, question.input(), question.caller()));
      case LENT ->
          request(ComputeApi.of(computation), new Ask(question.input(), question.caller()));
      case CALLERS -> Future.failedFuture(unmade());
    };
  }

  /** What is told of a result that its callers have not made. */
  static FailureException unmade() {
    return Failure.NO_SUCH_RESULT.because("nobody has made it");
  }

  private Future<Made> work(String computation, Ask ask) {
    return request(ComputeApi.here(computation), ask)
        .recover(
            // Another node is asked when this one is busy, and only then: it may die with it.
            failure ->
                others && isOverloaded(failure)
                    ? request(ComputeApi.of(computation), ask)
                    : Future.failedFuture(failure));
  }

  /** What whoever waited for the whole deadline is told. */
  FailureException late() {
    return Failure.TIMED_OUT.because("not computed within " + deadline.toMillis() + " ms");
  }

  private Future<Made> request(Address<Ask, Answer> workers, Ask ask) {
    return requesters
        .computeIfAbsent(workers.name(), name -> bus.requester(workers, deadline))
        .request(ask)
        .map(answer -> new Made(answer.result()));
  }

  private static boolean isOverloaded(Throwable failure) {
    return failure instanceof FailureException refusal && refusal.failure() == Failure.OVERLOADED;
  }
}
