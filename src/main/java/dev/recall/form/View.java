package dev.recall.form;

import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How a message is shown: which of its parts, in which order. */
public final class View<T> {

  private final List<Part<T, ?>> parts;

  /** These parts. */
  public View(List<Part<T, ?>> parts) {
    this.parts = List.copyOf(parts);
  }

  /** These, and one more at the end. */
  View<T> with(Part<T, ?> more) {
    return new View<>(Stream.concat(parts.stream(), Stream.of(more)).toList());
  }

  /** The fields that parts are made of. */
  static <T> Set<String> names(List<Part<T, ?>> parts) {
    return parts.stream()
        .flatMap(part -> part.names().stream())
        .collect(Collectors.toUnmodifiableSet());
  }

  void write(T message, Part.Sink sink) {
    for (Part<T, ?> part : parts) {
      part.write(message, sink);
    }
  }

  /** As a JSON object. */
  public JsonObject json(T message) {
    JsonObject body = new JsonObject();
    write(message, body::put);
    return body;
  }

  /** As the text of a JSON object, without a space. */
  public String encode(T message) {
    Text text = new Text();
    write(message, text);
    return text.isLong ? json(message).encode() : text.end();
  }

  /** Fields put together, which is the quickest way unless one of them is long. */
  private static final class Text implements Part.Sink {

    /** A text of more characters is written by the encoder alone, which copies it less often. */
    private static final int LONG = 1_024;

    private final StringBuilder fields = new StringBuilder();
    private boolean isLong;

    @Override
    public void field(String name, Object value) {
      isLong |= value instanceof String text && text.length() > LONG;
      if (!isLong) {
        fields.append(fields.isEmpty() ? "{\"" : ",\"").append(name).append("\":");
        append(value);
      }
    }

    private void append(Object value) {
      if (value instanceof Long) {
        fields.append(value);
      } else if (value instanceof String text && isPlain(text)) {
        fields.append('"').append(text).append('"');
      } else {
        fields.append(Json.encode(value));
      }
    }

    // As nearly all texts are: there is nothing to escape.
    private static boolean isPlain(String text) {
      for (int i = 0; i < text.length(); i++) {
        char one = text.charAt(i);
        if (one < ' ' || one > '~' || one == '"' || one == '\\') {
          return false;
        }
      }
      return true;
    }

    String end() {
      return fields.isEmpty() ? "{}" : fields.append('}').toString();
    }
  }
}
