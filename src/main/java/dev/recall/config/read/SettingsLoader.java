package dev.recall.config.read;

import dev.recall.config.BadSettings;
import dev.recall.config.ConfDirectory;
import dev.recall.config.Setting;
import dev.recall.config.Settings;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reads the settings: packed defaults, overridden by {@code recall.yaml}, by environment variables
 * and by flags, in this order, with every fault of all of them reported at once.
 */
public final class SettingsLoader {

  private static final String FILE = "recall.yaml";

  /** The variable that names the configuration directory; it is no setting. */
  public static final String DIRECTORY_VARIABLE = "RECALL_CONF";

  private final String defaultsText;
  private final Map<String, Setting> defaults = new LinkedHashMap<>();
  private final Variables variables;

  /** A loader for the settings of {@code conf/recall.yaml} as packed in the jar. */
  public SettingsLoader() {
    defaultsText = new String(ConfDirectory.packed(FILE), StandardCharsets.UTF_8);
    new YamlSettings(FILE, defaultsText)
        .texts()
        .forEach((path, text) -> defaults.put(path, new Setting(text, "the packed defaults")));
    variables = new Variables(paths());
  }

  /** The default file as its author wrote it, comments included. */
  public String defaultsText() {
    return defaultsText;
  }

  /** The path of every setting that has a default, like {@code http.port}, as in the file. */
  public Set<String> paths() {
    return defaults.keySet();
  }

  /**
   * Reads and validates.
   *
   * @param conf has {@code recall.yaml}
   * @param environment all variables; those that begin with {@code RECALL_} must each be a setting
   * @param flags values by path
   * @throws BadSettings listing every unknown name, wrong type and impossible value
   */
  public Settings load(
      ConfDirectory conf, Map<String, String> environment, Map<String, String> flags) {
    List<String> faults = new ArrayList<>();
    GivenSettings given = new GivenSettings(defaults, faults);
    try {
      readFile(conf, given);
    } catch (BadSettings unreadable) {
      faults.addAll(unreadable.faults());
    }
    readVariables(environment, given, faults);
    flags.forEach((path, text) -> given.text(path, new Setting(text, "--" + path)));

    Settings bound = new SettingsBinder(given.byPath(), faults).bind();
    if (bound == null) {
      throw new BadSettings(faults);
    }
    return bound;
  }

  private static void readFile(ConfDirectory conf, GivenSettings given) {
    String yaml = new String(conf.read(FILE), StandardCharsets.UTF_8);
    YamlSettings file = new YamlSettings(FILE, yaml);
    file.texts().forEach((path, text) -> given.text(path, new Setting(text, FILE)));
    file.lists().forEach(path -> given.list(path, FILE));
    file.emptySections().forEach(path -> given.emptySection(path, FILE));
  }

  private void readVariables(
      Map<String, String> environment, GivenSettings given, List<String> faults) {
    new TreeMap<>(environment)
        .forEach(
            (name, text) -> {
              if (name.startsWith(Variables.PREFIX) && !name.equals(DIRECTORY_VARIABLE)) {
                Optional<String> path = variables.path(name);
                if (path.isEmpty()) {
                  faults.add(name + " (from the environment): no such setting");
                } else {
                  given.text(path.get(), new Setting(text, name));
                }
              }
            });
  }
}
