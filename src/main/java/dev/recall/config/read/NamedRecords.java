package dev.recall.config.read;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A section whose parts have names that operators choose, like {@code http.tokens}.
 *
 * @param path of the section
 * @param fields of each part
 */
record NamedRecords(String path, List<String> fields) {

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,31}");

  /** Whether a path leads to this section or into it. */
  boolean holds(String place) {
    return place.equals(path) || place.startsWith(path + ".");
  }

  /** Which part a path leads to; empty: to the section itself. */
  String name(String place) {
    String below = below(place);
    int dot = below.indexOf('.');
    return dot < 0 ? below : below.substring(0, dot);
  }

  /** The path of the part that a path leads to or into. */
  String part(String place) {
    return path + "." + name(place);
  }

  /** Whether a path leads to or into a part that may not be called that. */
  boolean isMisnamed(String place) {
    return !place.equals(path) && !NAME.matcher(name(place)).matches();
  }

  /** Why a path that this section holds leads to no setting; null where it leads to one. */
  @Nullable String fault(String place) {
    if (place.equals(path)) {
      return "must be a section of names, each with " + String.join(", ", fields);
    } else if (isMisnamed(place)) {
      return "a name must be a small letter and up to 31 more of a-z, 0-9 and -";
    } else if (place.equals(part(place))) {
      return "must be a section with " + String.join(", ", fields);
    }
    String field = below(place).substring(name(place).length() + 1);
    return fields.contains(field) ? null : GivenSettings.NO_SUCH;
  }

  private String below(String place) {
    return place.substring(Math.min(place.length(), path.length() + 1));
  }
}
