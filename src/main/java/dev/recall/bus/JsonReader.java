package dev.recall.bus;

import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the fields of a message, refusing with {@link Failure#INVALID} what is not as agreed. */
public final class JsonReader {

  private final JsonObject body;
  private final MultiMap headers;

  private JsonReader(JsonObject body, MultiMap headers) {
    this.body = body;
    this.headers = headers;
  }

  /**
   * A reader of a JSON object, with the headers beside it.
   *
   * @throws FailureException {@link Failure#INVALID} where it is none
   */
  public static JsonReader of(@Nullable Object body, MultiMap headers) {
    if (body instanceof JsonObject object) {
      return new JsonReader(object, headers);
    }
    throw Failure.INVALID.because("the body must be a JSON object");
  }

  /** A string that must be there. */
  public String text(String name) {
    if (body.getValue(name) instanceof String text) {
      return text;
    }
    throw Failure.INVALID.because(name + " must be a string");
  }

  /** A whole number of 64 bits, or the value to take where there is none. */
  public long integer(String name, long absent) {
    Object value = body.getValue(name);
    if (value == null) {
      return absent;
    }
    if (value instanceof Long || value instanceof Integer) {
      return ((Number) value).longValue();
    }
    throw Failure.INVALID.because(name + " must be a whole number of 64 bits");
  }

  /** A list of strings that must be there. */
  public List<String> texts(String name) {
    List<String> texts = new ArrayList<>();
    for (Object element : array(name)) {
      if (!(element instanceof String text)) {
        throw Failure.INVALID.because(name + " must be a list of strings");
      }
      texts.add(text);
    }
    return texts;
  }

  /**
   * Refuses fields that nobody reads.
   *
   * @throws FailureException {@link Failure#INVALID} where there is one
   */
  public JsonReader only(String... names) {
    for (String field : body.fieldNames()) {
      if (!List.of(names).contains(field)) {
        throw Failure.INVALID.because("there is no field " + field);
      }
    }
    return this;
  }

  /** Whether there is such a field. */
  boolean has(String name) {
    return body.containsKey(name);
  }

  /** An object that must be there. */
  JsonReader object(String name) {
    return of(body.getValue(name), headers);
  }

  /** A list of objects that must be there. */
  List<JsonReader> objects(String name) {
    List<JsonReader> objects = new ArrayList<>();
    array(name).forEach(element -> objects.add(of(element, headers)));
    return objects;
  }

  private JsonArray array(String name) {
    if (body.getValue(name) instanceof JsonArray array) {
      return array;
    }
    throw Failure.INVALID.because(name + " must be a list");
  }

  /** A header, where it is there. */
  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }
}
