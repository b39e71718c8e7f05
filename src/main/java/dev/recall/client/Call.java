package dev.recall.client;

import dev.recall.bus.Service;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Something that Recall can be asked, over the bus and over HTTP.
 *
 * @param service how it is asked over the bus
 * @param told what a caller is told of a reply there
 * @param request how it is asked over HTTP
 * @param answered what a caller is told of an answer there that is no failure
 * @param isRepeatable whether it does no harm to send it twice
 */
record Call<Q, R, A>(
    Service<Q, R> service,
    Function<R, A> told,
    Function<Q, HttpAsk> request,
    BiFunction<Q, HttpAnswer, A> answered,
    boolean isRepeatable) {

  /** One whose answer is the same both ways. */
  static <Q, R> Call<Q, R, R> of(
      Service<Q, R> service, Function<Q, HttpAsk> request, BiFunction<Q, HttpAnswer, R> answered) {
    return new Call<>(service, reply -> reply, request, answered, true);
  }

  /** One whose answer has nothing to tell. */
  static <Q, R> Call<Q, R, Void> silent(Service<Q, R> service, Function<Q, HttpAsk> request) {
    return new Call<>(service, Call::nothing, request, (asked, answer) -> nothing(answer), true);
  }

  /** The same, which is never sent twice. */
  Call<Q, R, A> once() {
    return new Call<>(service, told, request, answered, false);
  }

  @SuppressWarnings({"NullAway", "unused"}) // the one value of Void
  private static Void nothing(Object told) {
    return null;
  }
}
