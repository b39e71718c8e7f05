package dev.recall.form;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The names callers give to counters and other state: 1 to 256 bytes of UTF-8 without control
 * characters. Nothing else is forbidden: what stands before a name in a Redis key tells where it
 * begins and ends.
 */
public final class KeyName {

  private static final int MAX_BYTES = 256;
  private static final int MAX_BYTES_OF_CHAR = 3;

  private KeyName() {}

  /** What a name must be and is not; empty where nothing is wrong with it. */
  static Optional<String> fault(String name) {
    if (name.isEmpty() || isTooLong(name)) {
      return Optional.of("must have 1 to " + MAX_BYTES + " bytes of UTF-8");
    }
    for (int i = 0; i < name.length(); i += Character.charCount(name.codePointAt(i))) {
      if (isForbidden(name.codePointAt(i))) {
        return Optional.of("must be valid UTF-8 without control characters");
      }
    }
    return Optional.empty();
  }

  private static boolean isTooLong(String name) {
    return name.length() > MAX_BYTES
        || (name.length() > MAX_BYTES / MAX_BYTES_OF_CHAR
            && name.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES);
  }

  // A surrogate that stands alone has no UTF-8 form: two such names would share one key.
  private static boolean isForbidden(int codePoint) {
    return Character.isISOControl(codePoint) || Character.getType(codePoint) == Character.SURROGATE;
  }
}
