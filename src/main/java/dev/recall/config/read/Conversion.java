package dev.recall.config.read;

import dev.recall.config.Within;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the text of a setting means, by the type of its component. */
final class Conversion {

  private static final Pattern DURATION = Pattern.compile("(\\d{1,10})(ms|s|m|h|d)");
  private static final Map<String, Long> MILLIS =
      Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "h", 3_600_000L, "d", 86_400_000L);

  private static final Pattern BYTES = Pattern.compile("(\\d{1,9})(B|KiB|MiB|GiB)");
  private static final Map<String, Integer> BINARY_POWER =
      Map.of("B", 0, "KiB", 10, "MiB", 20, "GiB", 30);

  private Conversion() {}

  /**
   * The value of a setting.
   *
   * @throws IllegalArgumentException saying why the text means none
   */
  static Object convert(String text, RecordComponent component) {
    Within within = component.getAnnotation(Within.class);
    return isOptional(component)
        ? Optional.of(convert(text, optional(component), within))
        : convert(text, component.getType(), within);
  }

  /** Whether a setting may be left out. */
  static boolean isOptional(RecordComponent component) {
    return component.getType() == Optional.class;
  }

  private static Class<?> optional(RecordComponent component) {
    return (Class<?>) ((ParameterizedType) component.getGenericType()).getActualTypeArguments()[0];
  }

  private static Object convert(String text, Class<?> type, Within within) {
    if (type == String.class) {
      return nonEmpty(text);
    } else if (type == boolean.class) {
      return bool(text);
    } else if (type == int.class || type == Integer.class) {
      return number(text, within);
    } else if (type == long.class || type == Long.class) {
      return bytes(text, within);
    } else if (type == Duration.class) {
      return duration(text, within);
    } else if (type == Path.class) {
      return path(text);
    }
    Constructor<?> constructor =
        constructor(type).orElseThrow(() -> new LinkageError("no setting can be a " + type));
    return make(constructor, text);
  }

  /** The constructor that makes a value of this type from a text alone. */
  static Optional<Constructor<?>> constructor(Class<?> type) {
    return Stream.of(type.getConstructors())
        .filter(made -> made.getParameterCount() == 1)
        .filter(made -> made.getParameterTypes()[0] == String.class)
        .findFirst();
  }

  /**
   * Makes a value.
   *
   * @throws IllegalArgumentException where the constructor does
   */
  static Object make(Constructor<?> constructor, Object... arguments) {
    try {
      return constructor.newInstance(arguments);
    } catch (InvocationTargetException thrown) {
      if (thrown.getCause() instanceof IllegalArgumentException fault) {
        throw fault;
      }
      throw new LinkageError(constructor + " fails", thrown);
    } catch (ReflectiveOperationException broken) {
      throw new LinkageError(constructor + " cannot be called", broken);
    }
  }

  private static String nonEmpty(String text) {
    if (text.isBlank()) {
      throw new IllegalArgumentException("must not be empty");
    }
    return text;
  }

  private static boolean bool(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("must be true or false");
    };
  }

  private static int number(String text, Within within) {
    if (text.matches("-?\\d{1,18}")) {
      long number = Long.parseLong(text);
      if (within.min() <= number && number <= within.max()) {
        return (int) number;
      }
    }
    throw new IllegalArgumentException(
        "must be a whole number from %d to %d".formatted(within.min(), within.max()));
  }

  private static Duration duration(String text, Within within) {
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("must be a duration like 250ms, 10s, 5m, 24h or 7d");
    }
    long unit = MILLIS.getOrDefault(matcher.group(2), 0L);
    long millis = Long.parseLong(matcher.group(1)) * unit;
    if (millis < within.min() || millis > within.max()) {
      throw new IllegalArgumentException(
          "must be from %dms to %dms".formatted(within.min(), within.max()));
    }
    return Duration.ofMillis(millis);
  }

  private static long bytes(String text, Within within) {
    Matcher matcher = BYTES.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("must be a size like 512B, 64KiB, 64MiB or 1GiB");
    }
    long unit = 1L << BINARY_POWER.getOrDefault(matcher.group(2), 0);
    long size = Long.parseLong(matcher.group(1)) * unit;
    if (size < within.min() || size > within.max()) {
      throw new IllegalArgumentException(
          "must be from %dB to %dB".formatted(within.min(), within.max()));
    }
    return size;
  }

  private static Path path(String text) {
    try {
      return Path.of(nonEmpty(text));
    } catch (InvalidPathException invalid) {
      throw new IllegalArgumentException("is not a path");
    }
  }
}
