package dev.recall.config;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Headers for an origin, which may be secrets: nothing shows their values. */
public final class OriginHeaders {

  /** What the client itself says, or what would change whom it speaks to. */
  private static final Set<String> OURS =
      Set.of(
          "accept-encoding",
          "connection",
          "content-length",
          "expect",
          "host",
          "keep-alive",
          "te",
          "trailer",
          "traceparent",
          "transfer-encoding",
          "upgrade",
          "x-request-id");

  private final Map<String, String> byName = new LinkedHashMap<>();

  /**
   * Headers as they are set.
   *
   * @param lines one header each, {@code name: value}
   * @throws IllegalArgumentException saying what is wrong, without a value
   */
  public OriginHeaders(String lines) {
    for (String line : lines.strip().split("\\R", -1)) {
      int colon = line.indexOf(':');
      String name = line.substring(0, Math.max(0, colon)).strip().toLowerCase(Locale.ROOT);
      String value = line.substring(colon + 1).strip();
      if (!name.matches("[a-z0-9!#$%&'*+.^_`|~-]{1,64}")) {
        throw new IllegalArgumentException("must be lines like Authorization: Bearer …");
      }
      if (!value.matches("[ -~]{1,2000}")) {
        throw new IllegalArgumentException(name + " must have 1 to 2000 visible characters");
      }
      if (OURS.contains(name)) {
        throw new IllegalArgumentException(name + " is not to be set");
      }
      if (byName.put(name, value) != null) {
        throw new IllegalArgumentException(name + " must stand once");
      }
    }
  }

  /** Each by its name, in lower case. */
  public Map<String, String> byName() {
    return Map.copyOf(byName);
  }

  /** As they are set. */
  public String lines() {
    StringBuilder lines = new StringBuilder();
    byName.forEach((name, value) -> lines.append(name).append(": ").append(value).append('\n'));
    return lines.toString().strip();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof OriginHeaders headers && headers.byName.equals(byName);
  }

  @Override
  public int hashCode() {
    return byName.hashCode();
  }

  @Override
  public String toString() {
    return "***";
  }
}
