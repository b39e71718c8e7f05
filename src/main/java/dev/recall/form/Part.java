package dev.recall.form;

import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A field of one kind of message: how it is declared, and where the message has its value.
 *
 * @param <M> the message
 * @param <T> what the message has there
 */
public interface Part<M, T> {

  /** Where a message is written. */
  interface Sink {

    /** A field of the body, and what JSON has there. */
    void field(String name, Object value);

    /** A fact beside the body, which not every way of writing has room for. */
    default void header(String name, String text) {}
  }

  /** Its value; what is wrong with it is noted, and something stands in for it. */
  T read(JsonReader reader);

  /** Writes it. */
  void write(M message, Sink sink);

  /** The fields of the body that it is made of. */
  Set<String> names();

  /** Two fields that are one value. */
  static <M, A, B, T> Part<M, T> both(
      Part<M, A> first, Part<M, B> second, BiFunction<A, B, T> join) {
    return new Part<>() {
      @Override
      public T read(JsonReader reader) {
        return join.apply(first.read(reader), second.read(reader));
      }

      @Override
      public void write(M message, Sink sink) {
        first.write(message, sink);
        second.write(message, sink);
      }

      @Override
      public Set<String> names() {
        return Stream.of(first, second)
            .flatMap(part -> part.names().stream())
            .collect(Collectors.toUnmodifiableSet());
      }
    };
  }
}
