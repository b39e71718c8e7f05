package dev.recall.config.read;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The environment variables that settings can be given by. */
public final class Variables {

  /** What they all begin with. */
  static final String PREFIX = "RECALL_";

  private final Map<String, String> pathOf;
  private final List<NamedRecords> maps = Layout.maps();

  /**
   * The variables of all settings.
   *
   * @param paths of those whose names are known
   */
  Variables(Set<String> paths) {
    pathOf = paths.stream().collect(Collectors.toMap(Variables::of, Function.identity()));
  }

  /** The variable of a setting: {@code fib.max-n} is {@code RECALL_FIB_MAX_N}. */
  public static String of(String path) {
    return PREFIX + constant(path);
  }

  /** The setting of a variable; empty where there is none. */
  Optional<String> path(String variable) {
    String known = pathOf.get(variable);
    return known != null
        ? Optional.of(known)
        : maps.stream().flatMap(map -> path(map, variable).stream()).findFirst();
  }

  // RECALL_STATE_NAMESPACES_MY_CART_MAX_LIFE is max-life of my-cart, not life of my-cart-max.
  private static Optional<String> path(NamedRecords map, String variable) {
    String begin = of(map.path()) + "_";
    return map.fields().stream()
        .filter(field -> variable.startsWith(begin) && variable.endsWith("_" + constant(field)))
        .filter(field -> variable.length() > begin.length() + field.length() + 1)
        .max(Comparator.comparingInt(String::length))
        .map(
            field -> {
              int end = variable.length() - field.length() - 1;
              String name = variable.substring(begin.length(), end);
              return map.path()
                  + "."
                  + name.toLowerCase(Locale.ROOT).replace('_', '-')
                  + "."
                  + field;
            });
  }

  private static String constant(String path) {
    return path.replaceAll("[.-]", "_").toUpperCase(Locale.ROOT);
  }
}
