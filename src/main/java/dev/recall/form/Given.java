package dev.recall.form;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A field that does not stand in the body of a request, and must not.
 *
 * @param field its name in the message
 * @param place where it stands instead, like {@code path}
 * @param name what it is called there
 * @param value null where it is not there either
 */
public record Given(String field, String place, String name, @Nullable String value) {

  /** Where it stands, as a refusal tells it. */
  public List<String> loc() {
    return List.of(place, name);
  }

  /** Its text, of one that is there. */
  public String text() {
    return Objects.requireNonNull(value);
  }
}
