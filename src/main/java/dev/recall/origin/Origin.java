package dev.recall.origin;

import dev.recall.api.ComputeApi.Made;
import dev.recall.config.Definition;
import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where one computation's results come from, as this node sees it: how much is asked of it at a
 * time (a bulkhead), whether it works (a circuit breaker), and how long it wants to be left in
 * peace. Thread-safe.
 */
final class Origin {

  private static final Duration OPEN = Duration.ofSeconds(5);
  private static final Duration A_MOMENT = Duration.ofSeconds(1);

  private final Definition definition;
  private final boolean isChecked;
  private final LongSupplier nanoTime;
  private final OriginMeters meters;
  private final AtomicInteger inFlight = new AtomicInteger();
  private final AtomicLong pausedUntil;
  private final CircuitBreaker breaker;

  /**
   * One that is not known yet.
   *
   * @param isChecked whether only addresses that the settings allow are asked
   */
  Origin(
      String computation,
      Definition definition,
      boolean isChecked,
      Clock clock,
      LongSupplier nanoTime,
      OriginMeters meters) {
    this.definition = definition;
    this.isChecked = isChecked;
    this.nanoTime = nanoTime;
    this.meters = meters;
    pausedUntil = new AtomicLong(nanoTime.getAsLong());
    breaker =
        CircuitBreaker.of(
            computation,
            CircuitBreakerConfig.custom()
                .slidingWindowSize(20)
                .minimumNumberOfCalls(10)
                .failureRateThreshold(50)
                .waitDurationInOpenState(OPEN)
                .permittedNumberOfCallsInHalfOpenState(2)
                .clock(clock)
                .build());
  }

  Definition definition() {
    return definition;
  }

  boolean isChecked() {
    return isChecked;
  }

  /** How many results are asked of it now. */
  int inFlight() {
    return inFlight.get();
  }

  CircuitBreaker.State state() {
    return breaker.getState();
  }

  /**
   * Has it asked for a result, unless that is in vain.
   *
   * @param ask makes the call that asks it
   * @return failed as {@link Failure#OVERLOADED}, with a time, where it is not asked
   */
  Future<Made> ask(Supplier<Call> ask) {
    long begun = nanoTime.getAsLong();
    Duration pause = Duration.ofNanos(pausedUntil.get() - begun);
    if (!pause.isNegative() && !pause.isZero()) {
      return refused("paused", "the origin wants to be asked later", pause);
    }
    if (inFlight.incrementAndGet() > definition.inFlight()) {
      inFlight.decrementAndGet();
      return refused("full", "the origin is asked for enough already", A_MOMENT);
    }
    if (!breaker.tryAcquirePermission()) {
      inFlight.decrementAndGet();
      return refused("open", "the origin has failed of late; it is tried again shortly", A_MOMENT);
    }
    Call call = ask.get();
    return call.begin()
        .onComplete(
            (made, failure) -> {
              inFlight.decrementAndGet();
              note(failure, call.isServed(), nanoTime.getAsLong() - begun);
            });
  }

  private Future<Made> refused(String outcome, String why, Duration wait) {
    meters.refused(outcome);
    return Future.failedFuture(Failure.OVERLOADED.because(why).retryAfter(wait));
  }

  // An origin that answers what was not agreed, for one input, may well serve all others.
  private void note(@Nullable Throwable failure, boolean isServed, long nanos) {
    if (failure == null || FailureException.isOneOf(failure, Failure.NO_SUCH_RESULT)) {
      breaker.onSuccess(nanos, TimeUnit.NANOSECONDS);
      meters.asked(failure == null ? "made" : "not-found", nanos);
    } else if (isServed && FailureException.isOneOf(failure, Failure.ORIGIN_FAILED)) {
      breaker.onSuccess(nanos, TimeUnit.NANOSECONDS);
      meters.asked("failed", nanos);
    } else if (failure instanceof FailureException later && later.failure() == Failure.TRY_LATER) {
      breaker.releasePermission();
      pause(nanoTime.getAsLong() + later.retryAfter().toNanos());
      meters.asked("later", nanos);
    } else if (FailureException.isOneOf(failure, Failure.OVERLOADED)) { // this node is
      breaker.releasePermission();
      meters.asked("failed", nanos);
    } else {
      breaker.onError(nanos, TimeUnit.NANOSECONDS, failure);
      meters.asked(FailureException.isOneOf(failure, Failure.TIMED_OUT) ? "late" : "failed", nanos);
    }
  }

  // Of several answers that were on their way, the one that asks for most patience counts.
  private void pause(long until) {
    pausedUntil.accumulateAndGet(until, (one, other) -> one - other > 0 ? one : other);
  }
}
