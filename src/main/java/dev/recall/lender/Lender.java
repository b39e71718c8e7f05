package dev.recall.lender;

import dev.recall.api.ComputeApi.Answer;
import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One who lends, as this node sees it: how much it is asked for now, and whether it works. */
final class Lender {

  private static final CircuitBreakerConfig BREAKER =
      CircuitBreakerConfig.custom()
          .slidingWindowSize(10)
          .minimumNumberOfCalls(3)
          .failureRateThreshold(50)
          .waitDurationInOpenState(Duration.ofSeconds(5))
          .permittedNumberOfCallsInHalfOpenState(1)
          .build();

  private final String address;
  private final LongSupplier nanoTime;
  private final AtomicInteger inFlight = new AtomicInteger();
  private final CircuitBreaker breaker;

  Lender(String address, LongSupplier nanoTime) {
    this.address = address;
    this.nanoTime = nanoTime;
    breaker = CircuitBreaker.of(address, BREAKER);
  }

  String address() {
    return address;
  }

  int inFlight() {
    return inFlight.get();
  }

  /** Whether it may be asked now; then it is to be asked. */
  boolean permits() {
    return breaker.tryAcquirePermission();
  }

  /** Asks it. */
  Future<Answer> ask(Supplier<Future<Answer>> ask) {
    long begun = nanoTime.getAsLong();
    inFlight.incrementAndGet();
    return ask.get()
        .onComplete(
            (answer, failure) -> {
              inFlight.decrementAndGet();
              note(failure, nanoTime.getAsLong() - begun);
            });
  }

  private void note(@Nullable Throwable failure, long nanos) {
    if (failure == null || isAnswer(failure)) {
      breaker.onSuccess(nanos, TimeUnit.NANOSECONDS);
    } else {
      breaker.onError(nanos, TimeUnit.NANOSECONDS, failure);
    }
  }

  /** Whether what it failed with is what it has to say. */
  static boolean isAnswer(Throwable failure) {
    return FailureException.isOneOf(
        failure, Failure.NO_SUCH_RESULT, Failure.TRY_LATER, Failure.INVALID);
  }
}
