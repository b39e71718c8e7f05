package dev.recall.client;

import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Asks what callers want to know, so much at a time and until it is closed. Thread-safe. */
final class Asker {

  private final Transport transport;
  private final ClientOptions options;
  private final AtomicInteger inFlight = new AtomicInteger();
  private volatile boolean closed;

  Asker(Transport transport, ClientOptions options) {
    this.transport = transport;
    this.options = options;
  }

  Duration timeout() {
    return options.timeout();
  }

  boolean isClosed() {
    return closed;
  }

  /** From now on only what is settled is asked. */
  void close() {
    closed = true;
  }

  /** Asks what is answered at once. */
  <Q, R, A> Future<A> ask(Call<Q, R, A> call, Supplier<Q> request) {
    return ask(call, request, Duration.ZERO);
  }

  /**
   * Asks what may wait.
   *
   * @param request may throw a {@link FailureException}
   */
  <Q, R, A> Future<A> ask(Call<Q, R, A> call, Supplier<Q> request, Duration wait) {
    if (closed) {
      return Future.failedFuture(Failure.NO_SERVER.because("the client is closed"));
    }
    if (inFlight.incrementAndGet() > options.maxInFlight()) {
      inFlight.decrementAndGet();
      return Future.failedFuture(Failure.OVERLOADED.because("too many requests are in flight"));
    }
    return send(call, request, wait.isNegative() ? Duration.ZERO : wait, options.timeout())
        .onComplete(answered -> inFlight.decrementAndGet());
  }

  /**
   * Asks to keep or to give back what is held, also when there is too much in flight, and when it
   * is closed.
   */
  <Q, R, A> Future<A> settle(Call<Q, R, A> call, Supplier<Q> request, Duration timeout) {
    return send(call, request, Duration.ZERO, timeout);
  }

  private <Q, R, A> Future<A> send(
      Call<Q, R, A> call, Supplier<Q> request, Duration wait, Duration timeout) {
    try {
      return transport.ask(call, request.get(), wait, timeout);
    } catch (FailureException invalid) {
      return Future.failedFuture(invalid);
    } catch (ArithmeticException tooLong) {
      return Future.failedFuture(Failure.INVALID.because("a time is longer than any there is"));
    }
  }
}
