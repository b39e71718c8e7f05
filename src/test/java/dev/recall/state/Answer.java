package dev.recall.state;

import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import java.time.Duration;
import java.util.Optional;

/** What came of a question: a value, or why there is none, and when to ask again. */
record Answer<T>(Optional<T> value, Optional<Failure> failure, Duration retryAfter) {

  static <T> Answer<T> of(T value) {
    return new Answer<>(Optional.of(value), Optional.empty(), Duration.ZERO);
  }

  static <T> Answer<T> refused(Failure failure) {
    return new Answer<>(Optional.empty(), Optional.of(failure), Duration.ZERO);
  }

  /** Only a row of the table of failures is an answer; anything else is a bug. */
  static <T> Answer<T> refused(Throwable failure) {
    if (failure instanceof FailureException known && known.failure() != Failure.INTERNAL) {
      return new Answer<>(Optional.empty(), Optional.of(known.failure()), known.retryAfter());
    }
    throw new AssertionError("no answer to this was agreed", failure);
  }

  /** In one word, for statistics. */
  String word() {
    return failure.map(Failure::name).orElse("DONE");
  }
}
