package dev.recall.bus;

import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/** Reads the fields of a message, refusing with {@link Failure#INVALID} what is not as agreed. */
public final class JsonReader {

  private final JsonObject body;
  private final MultiMap headers;

  private JsonReader(JsonObject body, MultiMap headers) {
    this.body = body;
    this.headers = headers;
  }

  static JsonReader of(Object body, MultiMap headers) {
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

  /** A header, where it is there. */
  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }
}
