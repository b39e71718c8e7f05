package dev.recall.config;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * Reads the settings: packed defaults, overridden by {@code recall.yaml}, by environment variables
 * and by flags, in this order, with every fault of all of them reported at once.
 */
public final class SettingsLoader {

  private static final String FILE = "recall.yaml";

  /** The variable that names the configuration directory; it is no setting. */
  public static final String DIRECTORY_VARIABLE = "RECALL_CONF";

  private static final String VARIABLE_PREFIX = "RECALL_";

  private final String defaultsText;
  private final Map<String, Setting> defaults;

  /** A loader for the settings of {@code conf/recall.yaml} as packed in the jar. */
  public SettingsLoader() {
    defaultsText = new String(ConfDirectory.packed(FILE), StandardCharsets.UTF_8);
    defaults = flatten(defaultsText, "the packed defaults");
  }

  /** The default file as its author wrote it, comments included. */
  public String defaultsText() {
    return defaultsText;
  }

  /** The path of every setting, like {@code http.port}, in the order of the file. */
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
    Map<String, Setting> settings = new LinkedHashMap<>(defaults);
    List<String> faults = new ArrayList<>();
    try {
      String yaml = new String(conf.read(FILE), StandardCharsets.UTF_8);
      flatten(yaml, FILE).forEach((path, setting) -> put(settings, path, setting, faults));
    } catch (BadSettings unreadable) {
      faults.addAll(unreadable.faults());
    } catch (MarkedYAMLException malformed) {
      // Its message would quote the line, which may hold a password.
      int line = malformed.getProblemMark().getLine() + 1;
      faults.add("%s, line %d: %s".formatted(FILE, line, malformed.getProblem()));
    } catch (YAMLException malformed) {
      faults.add(FILE + ": " + malformed.getMessage());
    }
    readVariables(environment, settings, faults);
    flags.forEach((path, text) -> put(settings, path, new Setting(text, "--" + path), faults));

    Settings bound = new SettingsBinder(settings, faults).bind();
    if (bound == null) {
      throw new BadSettings(faults);
    }
    return bound;
  }

  private static void put(
      Map<String, Setting> settings, String path, Setting setting, List<String> faults) {
    if (settings.replace(path, setting) == null) {
      faults.add("%s (from %s): no such setting".formatted(path, setting.origin()));
    }
  }

  private void readVariables(
      Map<String, String> environment, Map<String, Setting> settings, List<String> faults) {
    Map<String, String> pathOf =
        paths().stream().collect(Collectors.toMap(SettingsLoader::variable, Function.identity()));
    environment.forEach(
        (name, text) -> {
          if (name.startsWith(VARIABLE_PREFIX) && !name.equals(DIRECTORY_VARIABLE)) {
            String path = pathOf.get(name);
            if (path == null) {
              faults.add(name + " (from the environment): no such setting");
            } else {
              settings.put(path, new Setting(text, name));
            }
          }
        });
  }

  /** The environment variable of a setting: {@code fib.max-n} is {@code RECALL_FIB_MAX_N}. */
  static String variable(String path) {
    return VARIABLE_PREFIX + path.replaceAll("[.-]", "_").toUpperCase(Locale.ROOT);
  }

  private static Map<String, Setting> flatten(String yaml, String origin) {
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    Object root =
        new Yaml(
                new SafeConstructor(options),
                new Representer(new DumperOptions()),
                new DumperOptions(),
                options,
                new PlainText())
            .load(yaml);
    Map<String, Setting> settings = new LinkedHashMap<>();
    flatten("", root, origin, settings);
    return settings;
  }

  private static void flatten(
      String path, Object node, String origin, Map<String, Setting> settings) {
    if (node instanceof Map<?, ?> section) {
      String prefix = path.isEmpty() ? "" : path + ".";
      section.forEach((name, child) -> flatten(prefix + name, child, origin, settings));
    } else if (node instanceof Collection && !path.isEmpty()) {
      throw new YAMLException(path + " must be a single value");
    } else if (!path.isEmpty()) {
      settings.put(path, new Setting(String.valueOf(node), origin));
    } else if (node != null) {
      throw new YAMLException("must be a mapping of sections to settings");
    }
  }

  /** The text of a setting and where it came from, for the fault that names it. */
  record Setting(String text, String origin) {}

  /** Leaves every scalar the text it is: one reading of numbers and units for all origins. */
  private static final class PlainText extends Resolver {
    @Override
    protected void addImplicitResolvers() {
      // none
    }
  }
}
