package dev.recall.form;

import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A field of JSON, declared once: its name, its type and its range. Whatever reads, writes or
 * refuses it does so by this.
 */
public final class Field<T> {

  /** The longest time that can be asked for: 365 days. */
  private static final long YEAR_SECONDS = 31_536_000;

  private interface Read<T> {
    /** Notes what is wrong with a value, and answers something that stands in for it. */
    T of(JsonReader reader, String name, @Nullable Object value);
  }

  private final String name;
  private final Read<T> present;
  private final Read<T> absent;
  private final Function<T, @Nullable Object> json;

  private Field(String name, Read<T> present, Read<T> absent, Function<T, @Nullable Object> json) {
    this.name = name;
    this.present = present;
    this.absent = absent;
    this.json = json;
  }

  private static <T> Field<T> required(
      String name, Read<T> read, Function<T, @Nullable Object> json) {
    return new Field<>(name, read, read, json);
  }

  /** A string that must be there. */
  public static Field<String> text(String name) {
    return required(name, Field::readText, text -> text);
  }

  /** A {@link KeyName} that must be there. */
  public static Field<String> keyName(String name) {
    return new Field<>(
        name,
        Field::readKeyName,
        (reader, field, nothing) -> reader.note(field, "is missing", ""),
        text -> text);
  }

  /** A whole number of 64 bits that must be there. */
  public static Field<Long> integer(String name) {
    return whole(name, Long.MIN_VALUE, Long.MAX_VALUE, "must be a whole number of 64 bits");
  }

  /** A whole number from {@code min} to {@code max} that must be there. */
  public static Field<Long> integer(String name, long min, long max) {
    return whole(name, min, max, "must be a whole number from %d to %d".formatted(min, max));
  }

  /** A time in whole seconds, from 1 to those of 365 days. */
  public static Field<Duration> seconds(String name) {
    return integer(name, 1, YEAR_SECONDS).as(Duration::ofSeconds, Duration::toSeconds);
  }

  /** A time in whole milliseconds. */
  public static Field<Duration> milliseconds(String name, Duration min, Duration max) {
    return integer(name, min.toMillis(), max.toMillis()).as(Duration::ofMillis, Duration::toMillis);
  }

  /** True or false, or false where it is not there. */
  public static Field<Boolean> flag(String name) {
    return required(name, Field::readFlag, flag -> flag).orElse(false);
  }

  /** A list of strings that must be there. */
  public static Field<List<String>> texts(String name) {
    return required(name, Field::readTexts, JsonArray::new);
  }

  /** An object of whatever fields that must be there. */
  public static Field<JsonObject> json(String name) {
    return required(
        name,
        (reader, field, value) ->
            value instanceof JsonObject object
                ? object
                : reader.note(field, "must be a JSON object", new JsonObject()),
        object -> object);
  }

  /** An object that must be there. */
  public static <T> Field<T> object(String name, Form<T> form) {
    return required(
        name, (reader, field, value) -> form.readFrom(reader.nested(field, value)), form::json);
  }

  /** A list of objects that must be there. */
  public static <T> Field<List<T>> objects(String name, Form<T> form) {
    return required(
        name,
        (reader, field, value) -> readObjects(reader, field, value, form),
        all -> new JsonArray(all.stream().map(form::json).toList()));
  }

  /** The same field, or this value where it is not there. */
  public Field<T> orElse(T value) {
    return new Field<>(name, present, (reader, field, nothing) -> value, json);
  }

  /** The same field, where it is there. */
  public Field<Optional<T>> optional() {
    return new Field<>(
        name,
        (reader, field, value) -> Optional.of(present.of(reader, field, value)),
        (reader, field, nothing) -> Optional.empty(),
        value -> value.map(json).orElse(null));
  }

  /** The same field under another name. */
  public Field<T> named(String other) {
    return new Field<>(other, present, absent, json);
  }

  /** The same field, of another type in Java. */
  public <U> Field<U> as(Function<T, U> to, Function<U, T> from) {
    return new Field<>(
        name,
        (reader, field, value) -> to.apply(present.of(reader, field, value)),
        (reader, field, nothing) -> to.apply(absent.of(reader, field, nothing)),
        json.compose(from));
  }

  /** A number that may not be there. */
  public static Field<OptionalLong> optionalInteger(String name) {
    return integer(name)
        .optional()
        .as(
            number -> number.map(OptionalLong::of).orElseGet(OptionalLong::empty),
            number -> number.isPresent() ? Optional.of(number.getAsLong()) : Optional.empty());
  }

  /**
   * Checks a value that was not read.
   *
   * @throws FailureException {@link Failure#INVALID} where it is not as declared
   */
  public void require(T value) {
    JsonReader.require(name, reader -> read(reader, json.apply(value)));
  }

  /**
   * Checks what is given of this field.
   *
   * @throws FailureException {@link Failure#INVALID} where it is not as declared
   */
  public T require(Given given) {
    return JsonReader.read(given, this::read);
  }

  /**
   * This field in the path of a request.
   *
   * @param other its name there
   */
  public Given inPath(String other, String value) {
    return new Given(name, "path", other, value);
  }

  /**
   * This field in a header of a request.
   *
   * @param other its name there, in lower case
   */
  public Given inHeader(String other, Optional<String> value) {
    return new Given(name, "header", other, value.orElse(null));
  }

  /** This field of a message. */
  public <M> Part<M, T> of(Function<M, T> getter) {
    return new Part<>() {
      @Override
      public T read(JsonReader reader) {
        return Field.this.read(reader);
      }

      @Override
      public void write(M message, Sink sink) {
        Object value = json.apply(getter.apply(message));
        if (value != null) {
          sink.field(name, value);
        }
      }

      @Override
      public Set<String> names() {
        return Set.of(name);
      }
    };
  }

  T read(JsonReader reader) {
    return read(reader, reader.value(name));
  }

  private T read(JsonReader reader, @Nullable Object value) {
    return value == null ? absent.of(reader, name, null) : present.of(reader, name, value);
  }

  private static Field<Long> whole(String name, long min, long max, String must) {
    return required(
        name,
        (reader, field, value) -> {
          if (value instanceof Long || value instanceof Integer) {
            long number = ((Number) value).longValue();
            if (min <= number && number <= max) {
              return number;
            }
          }
          return reader.note(field, must, min);
        },
        number -> number);
  }

  private static String readText(JsonReader reader, String name, @Nullable Object value) {
    return value instanceof String text ? text : reader.note(name, "must be a string", "");
  }

  private static String readKeyName(JsonReader reader, String name, @Nullable Object value) {
    String text = readText(reader, name, value);
    if (value instanceof String) {
      KeyName.fault(text).ifPresent(fault -> reader.note(name, fault, text));
    }
    return text;
  }

  private static Boolean readFlag(JsonReader reader, String name, @Nullable Object value) {
    return value instanceof Boolean flag ? flag : reader.note(name, "must be true or false", false);
  }

  private static List<String> readTexts(JsonReader reader, String name, @Nullable Object value) {
    List<String> texts = new ArrayList<>();
    for (Object element : array(reader, name, value)) {
      if (!(element instanceof String text)) {
        return reader.note(name, "must be a list of strings", texts);
      }
      texts.add(text);
    }
    return texts;
  }

  private static <T> List<T> readObjects(
      JsonReader reader, String name, @Nullable Object value, Form<T> form) {
    List<T> objects = new ArrayList<>();
    for (Object element : array(reader, name, value)) {
      objects.add(form.readFrom(reader.nested(name, element)));
    }
    return objects;
  }

  private static JsonArray array(JsonReader reader, String name, @Nullable Object value) {
    return value instanceof JsonArray array
        ? array
        : reader.note(name, "must be a list", new JsonArray());
  }
}
