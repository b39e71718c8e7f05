package dev.recall.config.read;

import dev.recall.config.Setting;
import dev.recall.config.Settings;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Turns the texts of settings into {@link Settings}, noting each that does not fit. */
final class SettingsBinder {

  private final Map<String, Setting> settings;
  private final List<String> faults;

  SettingsBinder(Map<String, Setting> settings, List<String> faults) {
    this.settings = settings;
    this.faults = faults;
  }

  /** The settings, or null where there are faults, old or new. */
  @Nullable Settings bind() {
    return bind(Settings.class);
  }

  /** The same, of another record. */
  <T> @Nullable T bind(Class<T> type) {
    Object bound = section("", type);
    return faults.isEmpty() ? type.cast(bound) : null;
  }

  /**
   * A record.
   *
   * @param path empty for all settings
   */
  private @Nullable Object section(String path, Class<?> type) {
    String prefix = path.isEmpty() ? "" : path + ".";
    RecordComponent[] components = type.getRecordComponents();
    Class<?>[] types = new Class<?>[components.length];
    Object[] values = new Object[components.length];
    int faultsBefore = faults.size();
    for (int i = 0; i < components.length; i++) {
      types[i] = components[i].getType();
      values[i] = component(prefix + Layout.written(components[i]), components[i]);
    }
    if (faults.size() > faultsBefore) {
      return null;
    }
    try {
      return Conversion.make(canonical(type, types), values);
    } catch (IllegalArgumentException fault) {
      faults.add(path.isEmpty() ? fault.getMessage() : path + ": " + fault.getMessage());
      return null;
    }
  }

  private @Nullable Object component(String path, RecordComponent component) {
    if (Layout.isSection(component)) {
      return section(path, component.getType());
    } else if (Layout.isMap(component)) {
      return map(path, Layout.recordType(component));
    }
    Setting setting = settings.get(path);
    if (setting == null && Conversion.isOptional(component)) {
      return Optional.empty();
    }
    if (setting == null) {
      faults.add(path + ": is missing");
      return null;
    }
    try {
      return Conversion.convert(setting.text(), component);
    } catch (IllegalArgumentException fault) {
      faults.add("%s (from %s): %s".formatted(path, setting.origin(), fault.getMessage()));
      return null;
    }
  }

  private Map<String, @Nullable Object> map(String path, Class<?> type) {
    NamedRecords records = new NamedRecords(path, List.of());
    Set<String> names = new LinkedHashSet<>();
    for (String setting : settings.keySet()) {
      if (records.holds(setting)) {
        names.add(records.name(setting));
      }
    }
    Map<String, @Nullable Object> byName = new LinkedHashMap<>();
    names.forEach(name -> byName.put(name, section(path + "." + name, type)));
    return Collections.unmodifiableMap(byName);
  }

  private static Constructor<?> canonical(Class<?> type, Class<?>[] components) {
    try {
      return type.getDeclaredConstructor(components);
    } catch (NoSuchMethodException broken) {
      throw new LinkageError("every record has a canonical constructor", broken);
    }
  }
}
