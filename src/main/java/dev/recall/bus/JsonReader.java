package dev.recall.bus;

import dev.recall.bus.FailureException.Fault;
import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the fields of a message and notes its faults, so that whoever sent it hears of all at once,
 * or of the first {@value Faults#MAX} and how many more there are. In place of a value that does
 * not fit it answers an empty one, which nobody gets to see.
 */
public final class JsonReader {

  /** The longest time that can be asked for: 365 days. */
  private static final long YEAR_SECONDS = 31_536_000;

  /** The most of an unknown field's name that is told. */
  private static final int MAX_NAME = 40;

  /** What JSON writes six times as long. */
  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

  private final JsonObject body;
  private final MultiMap headers;
  private final Map<String, Given> given;
  private final Faults faults;
  private final Set<String> asked = new HashSet<>();

  private JsonReader(JsonObject body, MultiMap headers, Map<String, Given> given, Faults faults) {
    this.body = body;
    this.headers = headers;
    this.given = given;
    this.faults = faults;
  }

  /**
   * A field that does not stand in the body, and must not.
   *
   * @param place where it stands instead, like {@code path}, and {@code name} what it is called
   *     there
   * @param value null where it is not there either
   */
  public record Given(String place, String name, @Nullable String value) {}

  /**
   * A message, which may have fields that nobody asks for.
   *
   * @throws FailureException {@link Failure#INVALID} with every fault
   */
  public static <T> T read(@Nullable Object body, MultiMap headers, Function<JsonReader, T> read) {
    JsonReader reader = new JsonReader(object(body), headers, Map.of(), new Faults());
    Supplier<T> outcome = reader.attempt(read);
    return reader.checked(outcome);
  }

  /**
   * A message all of whose fields are asked for; any other is a fault.
   *
   * @param given fields that stand elsewhere, by their names
   * @throws FailureException {@link Failure#INVALID} with every fault
   */
  public static <T> T readExactly(
      @Nullable Object body, Map<String, Given> given, Function<JsonReader, T> read) {
    return readExactly(body, MultiMap.caseInsensitiveMultiMap(), given, read);
  }

  static <T> T readExactly(
      @Nullable Object body,
      MultiMap headers,
      Map<String, Given> given,
      Function<JsonReader, T> read) {
    JsonReader reader = new JsonReader(object(body), headers, given, new Faults());
    Supplier<T> outcome = reader.attempt(read);
    reader.noteOthers();
    return reader.checked(outcome);
  }

  private static JsonObject object(@Nullable Object body) {
    if (body instanceof JsonObject object) {
      return object;
    }
    throw FailureException.invalid("body", "the body must be a JSON object");
  }

  private <T> T checked(Supplier<T> outcome) {
    if (!faults.isEmpty()) {
      throw faults.refusal();
    }
    return outcome.get();
  }

  private <T> Supplier<T> attempt(Function<JsonReader, T> read) {
    try {
      T message = read.apply(this);
      return () -> message;
    } catch (FailureException refusal) {
      // Of a value that stood in for a faulty one there is nothing new to tell.
      if (faults.isEmpty()) {
        refusal.faults().forEach(fault -> note(fault.loc().get(0), fault.detail()));
      }
      return () -> {
        throw refusal;
      };
    }
  }

  /** A string that must be there. */
  public String text(String name) {
    if (value(name) instanceof String text) {
      return text;
    }
    note(name, name + " must be a string");
    return "";
  }

  /** A {@link KeyName} that must be there. */
  public String keyName(String name) {
    if (value(name) == null) {
      note(name, name + " is missing");
      return "";
    }
    return optionalKeyName(name).orElse("");
  }

  /** A {@link KeyName}, where it is there. */
  public Optional<String> optionalKeyName(String name) {
    if (value(name) == null) {
      return Optional.empty();
    }
    String text = text(name);
    if (value(name) instanceof String) {
      KeyName.fault(name, text).ifPresent(fault -> note(name, fault));
    }
    return Optional.of(text);
  }

  /** A whole number of 64 bits, or the value to take where there is none. */
  public long integer(String name, long absent) {
    return optionalInteger(name).orElse(absent);
  }

  /** A whole number of 64 bits, where it is there. */
  public OptionalLong optionalInteger(String name) {
    Object value = value(name);
    if (value == null) {
      return OptionalLong.empty();
    }
    if (value instanceof Long || value instanceof Integer) {
      return OptionalLong.of(((Number) value).longValue());
    }
    note(name, name + " must be a whole number of 64 bits");
    return OptionalLong.empty();
  }

  /** A whole number from {@code min} to {@code max}, or the value to take where there is none. */
  public long integer(String name, long min, long max, long absent) {
    Object value = value(name);
    if (value == null) {
      return absent;
    }
    if (value instanceof Long || value instanceof Integer) {
      long number = ((Number) value).longValue();
      if (min <= number && number <= max) {
        return number;
      }
    }
    note(name, "%s must be a whole number from %d to %d".formatted(name, min, max));
    return absent;
  }

  /** A time in whole seconds, from 1 to those of 365 days, where it is there. */
  public Optional<Duration> optionalSeconds(String name) {
    long seconds = integer(name, 1, YEAR_SECONDS, 0);
    return seconds == 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(seconds));
  }

  /** True or false, or false where it is not there. */
  public boolean flag(String name) {
    Object value = value(name);
    if (value == null || value instanceof Boolean) {
      return Boolean.TRUE.equals(value);
    }
    note(name, name + " must be true or false");
    return false;
  }

  /** A list of strings that must be there. */
  public List<String> texts(String name) {
    List<String> texts = new ArrayList<>();
    for (Object element : array(name)) {
      if (!(element instanceof String text)) {
        note(name, name + " must be a list of strings");
        break;
      }
      texts.add(text);
    }
    return texts;
  }

  /** Whether there is such a field. */
  public boolean has(String name) {
    asked.add(name);
    return body.containsKey(name);
  }

  /** An object that must be there. */
  public JsonReader object(String name) {
    return nested(name, value(name));
  }

  /** A list of objects that must be there. */
  public List<JsonReader> objects(String name) {
    List<JsonReader> objects = new ArrayList<>();
    array(name).forEach(element -> objects.add(nested(name, element)));
    return objects;
  }

  /** A header, where it is there. */
  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }

  private @Nullable Object value(String name) {
    asked.add(name);
    Given elsewhere = given.get(name);
    return elsewhere == null ? body.getValue(name) : elsewhere.value();
  }

  private JsonArray array(String name) {
    if (value(name) instanceof JsonArray array) {
      return array;
    }
    note(name, name + " must be a list");
    return new JsonArray();
  }

  private JsonReader nested(String name, @Nullable Object value) {
    if (value instanceof JsonObject object) {
      return new JsonReader(object, headers, Map.of(), faults);
    }
    note(name, name + " must be a JSON object");
    return new JsonReader(new JsonObject(), headers, Map.of(), faults);
  }

  private void noteOthers() {
    for (String field : body.fieldNames()) {
      if (!asked.contains(field) || given.containsKey(field)) {
        String name = CONTROL.matcher(FailureException.cut(field, MAX_NAME)).replaceAll("�");
        faults.add(new Fault(List.of("body", name), "there is no field " + name));
      }
    }
  }

  private void note(String field, String fault) {
    Given elsewhere = given.get(field);
    faults.add(
        new Fault(
            elsewhere == null
                ? List.of("body", field)
                : List.of(elsewhere.place(), elsewhere.name()),
            fault));
  }
}
