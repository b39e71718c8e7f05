package dev.recall.config;

import dev.recall.config.SettingsLoader.Setting;
import java.lang.reflect.RecordComponent;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Turns the texts of settings into {@link Settings}, noting each that does not fit. */
final class SettingsBinder {

  private static final Pattern DURATION = Pattern.compile("(\\d{1,10})(ms|s|m|h|d)");
  private static final Map<String, Long> MILLIS =
      Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "h", 3_600_000L, "d", 86_400_000L);

  private static final Pattern BYTES = Pattern.compile("(\\d{1,9})(B|KiB|MiB|GiB)");
  private static final Map<String, Integer> BINARY_POWER =
      Map.of("B", 0, "KiB", 10, "MiB", 20, "GiB", 30);

  private final Map<String, Setting> settings;
  private final List<String> faults;

  SettingsBinder(Map<String, Setting> settings, List<String> faults) {
    this.settings = settings;
    this.faults = faults;
  }

  /** The settings, or null where there are faults, old or new. */
  @Nullable Settings bind() {
    Object bound = bind("", Settings.class);
    return faults.isEmpty() ? (Settings) bound : null;
  }

  private @Nullable Object bind(String prefix, Class<?> type) {
    RecordComponent[] components = type.getRecordComponents();
    Class<?>[] types = new Class<?>[components.length];
    Object[] values = new Object[components.length];
    int faultsBefore = faults.size();
    for (int i = 0; i < components.length; i++) {
      types[i] = components[i].getType();
      values[i] = component(prefix, components[i]);
    }
    if (faults.size() > faultsBefore) {
      return null;
    }
    try {
      return type.getDeclaredConstructor(types).newInstance(values);
    } catch (ReflectiveOperationException broken) {
      throw new LinkageError("the record " + type + " cannot be made", broken);
    }
  }

  private @Nullable Object component(String prefix, RecordComponent component) {
    String path = prefix + kebab(component.getName());
    Setting setting = settings.get(path);
    // A section is a record that has no text of its own: RedisUrl is a record and a setting.
    if (setting == null && component.getType().isRecord()) {
      return bind(path + ".", component.getType());
    }
    if (setting == null) {
      throw new LinkageError("the packed defaults lack " + path);
    }
    try {
      return convert(setting.text(), component);
    } catch (IllegalArgumentException fault) {
      faults.add("%s (from %s): %s".formatted(path, setting.origin(), fault.getMessage()));
      return null;
    }
  }

  private static Object convert(String text, RecordComponent component) {
    Class<?> type = component.getType();
    if (type == String.class) {
      return nonEmpty(text);
    } else if (type == boolean.class) {
      return bool(text);
    } else if (type == int.class) {
      return number(text, component.getAnnotation(Within.class));
    } else if (type == long.class) {
      return bytes(text, component.getAnnotation(Within.class));
    } else if (type == Duration.class) {
      return duration(text, component.getAnnotation(Within.class));
    } else if (type == Path.class) {
      return path(text);
    } else if (type == RedisUrl.class) {
      return new RedisUrl(text);
    }
    throw new LinkageError("no setting can be a " + type);
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

  private static String kebab(String camel) {
    return camel.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }
}
