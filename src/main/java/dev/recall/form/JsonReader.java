package dev.recall.form;

import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import dev.recall.failure.FailureException.Fault;
import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Hands out the values of a message and notes its faults, so that whoever sent it hears of all at
 * once, or of the first {@value Faults#MAX} and how many more there are.
 */
public final class JsonReader {

  /** The most of an unknown field's name that is told. */
  private static final int MAX_NAME = 40;

  /** What JSON writes six times as long. */
  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

  private static final JsonObject NOTHING = new JsonObject();
  private static final MultiMap NO_HEADERS = MultiMap.caseInsensitiveMultiMap();

  /** Of a message all of which is in its body. */
  static final Given[] NOWHERE_ELSE = {};

  private final JsonObject body;
  private final MultiMap headers;
  private final Given[] given;
  private final Faults faults;

  private JsonReader(JsonObject body, MultiMap headers, Given[] given, Faults faults) {
    this.body = body;
    this.headers = headers;
    this.given = given;
    this.faults = faults;
  }

  /**
   * A message.
   *
   * @param given fields that stand elsewhere
   * @param known the fields there are, where any other is a fault
   * @throws FailureException {@link Failure#INVALID} with every fault
   */
  static <T> T read(
      @Nullable Object body,
      MultiMap headers,
      Given[] given,
      Optional<Set<String>> known,
      Function<JsonReader, T> read) {
    if (!(body instanceof JsonObject object)) {
      throw FailureException.invalid("body", "the body must be a JSON object");
    }
    JsonReader reader = new JsonReader(object, headers, given, new Faults());
    Supplier<T> outcome = reader.attempt(read);
    known.ifPresent(reader::noteOthers);
    if (!reader.faults.isEmpty()) {
      throw reader.faults.refusal();
    }
    return outcome.get();
  }

  /**
   * Reads one value that is in no message.
   *
   * @throws FailureException {@link Failure#INVALID}, of a field whose place only the sender knows
   */
  static void require(String name, Consumer<JsonReader> read) {
    JsonReader reader = new JsonReader(NOTHING, NO_HEADERS, NOWHERE_ELSE, new Faults());
    read.accept(reader);
    if (!reader.faults.isEmpty()) {
      throw FailureException.invalid(name, reader.faults.refusal().detail());
    }
  }

  /**
   * Reads one field.
   *
   * @throws FailureException {@link Failure#INVALID} where it is not as declared
   */
  static <T> T read(Given given, Function<JsonReader, T> read) {
    return read(NOTHING, NO_HEADERS, new Given[] {given}, Optional.empty(), read);
  }

  private <T> Supplier<T> attempt(Function<JsonReader, T> read) {
    try {
      T message = read.apply(this);
      return () -> message;
    } catch (FailureException refusal) {
      // Of a value that stood in for a faulty one there is nothing new to tell.
      if (faults.isEmpty()) {
        refusal.faults().forEach(fault -> add(fault.loc().get(0), fault.detail()));
      }
      return () -> {
        throw refusal;
      };
    }
  }

  private @Nullable Given elsewhere(String field) {
    for (Given one : given) {
      if (one.field().equals(field)) {
        return one;
      }
    }
    return null;
  }

  /** What a field says; null where it is not there. */
  @Nullable Object value(String name) {
    Given elsewhere = elsewhere(name);
    return elsewhere == null ? body.getValue(name) : elsewhere.value();
  }

  /** Whether there is such a field in the body. */
  boolean has(String name) {
    return body.containsKey(name);
  }

  /** A header, where it is there. */
  Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }

  /** The fields of an object within. */
  JsonReader nested(String name, @Nullable Object value) {
    JsonObject object =
        value instanceof JsonObject is ? is : note(name, "must be a JSON object", new JsonObject());
    return new JsonReader(object, headers, NOWHERE_ELSE, faults);
  }

  /**
   * Notes what is wrong with a field.
   *
   * @param must what it is not, without its name
   * @return what stands in for it
   */
  <T> T note(String name, String must, T standIn) {
    add(name, name + " " + must);
    return standIn;
  }

  private void add(String field, String fault) {
    Given elsewhere = elsewhere(field);
    faults.add(new Fault(elsewhere == null ? List.of("body", field) : elsewhere.loc(), fault));
  }

  private void noteOthers(Set<String> known) {
    for (String field : body.fieldNames()) {
      if (!known.contains(field) || elsewhere(field) != null) {
        String name = CONTROL.matcher(FailureException.cut(field, MAX_NAME)).replaceAll("�");
        faults.add(new Fault(List.of("body", name), "there is no field " + name));
      }
    }
  }
}
