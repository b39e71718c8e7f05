package dev.recall.form;

import java.util.Set;
import java.util.function.Function;

/**
 * A fact beside the body of a message on the bus, declared once.
 *
 * @param name of the header
 * @param absent its text where there is none
 * @param read throws an {@link IllegalArgumentException} where the text is not as agreed
 * @param write empty where it is not to be written
 * @param must what it must be, in words
 * @param standIn what is read in place of a faulty one, which nobody gets to see
 */
public record Header<T>(
    String name,
    String absent,
    Function<String, T> read,
    Function<T, String> write,
    String must,
    T standIn) {

  /** A text, empty where there is none. */
  public static Header<String> text(String name) {
    return new Header<>(name, "", text -> text, text -> text, "must be a text", "");
  }

  /** A whole number of milliseconds. */
  public static Header<Long> milliseconds(String name) {
    return new Header<>(
        name, "", Long::valueOf, String::valueOf, "must be a whole number of milliseconds", 0L);
  }

  /** True or false; false where it is anything else. */
  public static Header<Boolean> flag(String name) {
    return new Header<>(name, "", "true"::equals, String::valueOf, "must be true or false", false);
  }

  /** This header of a message. */
  public <M> Part<M, T> of(Function<M, T> getter) {
    return new Part<>() {
      @Override
      public T read(JsonReader reader) {
        try {
          return read.apply(reader.header(name).orElse(absent));
        } catch (IllegalArgumentException notAsAgreed) {
          return reader.note(name, must, standIn);
        }
      }

      @Override
      public void write(M message, Sink sink) {
        String text = write.apply(getter.apply(message));
        if (!text.isEmpty()) {
          sink.header(name, text);
        }
      }

      @Override
      public Set<String> names() {
        return Set.of();
      }
    };
  }
}
