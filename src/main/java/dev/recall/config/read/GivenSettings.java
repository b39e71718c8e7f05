package dev.recall.config.read;

import dev.recall.config.Setting;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is given for the settings, each by its path; what is given later replaces what was before.
 */
final class GivenSettings {

  static final String NO_SUCH = "no such setting";

  private final List<NamedRecords> maps = Layout.maps();
  private final Map<String, Setting> settings;
  private final List<String> faults;

  /**
   * The defaults.
   *
   * @param faults gets one for each path that leads to no setting
   */
  GivenSettings(Map<String, Setting> defaults, List<String> faults) {
    this.settings = new LinkedHashMap<>(defaults);
    this.faults = faults;
  }

  /** All of them, in the order of their first being given. */
  Map<String, Setting> byPath() {
    return settings;
  }

  /** Gives a text. */
  void text(String path, Setting setting) {
    String fault = fault(path);
    if (fault == null) {
      settings.put(path, setting);
    } else {
      add(path, setting.origin(), fault);
    }
  }

  /** Gives a list, which no setting is. */
  void list(String path, String origin) {
    String fault = fault(path);
    add(path, origin, fault == null ? "must be a single value, not a list" : fault);
  }

  /** Gives a section with nothing in it. */
  void emptySection(String path, String origin) {
    String fault = fault(path);
    NamedRecords map = map(path);
    if (fault == null) {
      add(path, origin, "must be a single value");
    } else if (map != null && path.equals(map.part(path)) && !map.isMisnamed(path)) {
      settings.put(path, new Setting("", origin)); // so that the binder misses its fields
    } else if (!isSection(path)) {
      add(path, origin, fault);
    }
  }

  private boolean isSection(String path) {
    return maps.stream().anyMatch(map -> map.path().equals(path))
        || settings.keySet().stream().anyMatch(setting -> setting.startsWith(path + "."));
  }

  private @Nullable String fault(String path) {
    NamedRecords map = map(path);
    if (map != null) {
      return map.fault(path);
    }
    return settings.containsKey(path) ? null : NO_SUCH;
  }

  private @Nullable NamedRecords map(String path) {
    return maps.stream().filter(map -> map.holds(path)).findFirst().orElse(null);
  }

  private void add(String path, String origin, String fault) {
    NamedRecords map = map(path);
    // One fault for a name, not one for each field of what it names.
    String place = map != null && map.isMisnamed(path) ? map.part(path) : path;
    String sentence = "%s (from %s): %s".formatted(place, origin, fault);
    if (!faults.contains(sentence)) {
      faults.add(sentence);
    }
  }
}
