package dev.recall.config.read;

import dev.recall.config.BadSettings;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;

/** What a file of sections and settings gives, by path. */
final class YamlSettings {

  private final Map<String, String> texts = new LinkedHashMap<>();
  private final List<String> lists = new ArrayList<>();
  private final List<String> emptySections = new ArrayList<>();

  /**
   * Reads a file.
   *
   * @throws BadSettings where it is malformed, without quoting what may be a secret
   */
  YamlSettings(String name, String yaml) {
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    try {
      Object root =
          new Yaml(
                  new SafeConstructor(options),
                  new Representer(new DumperOptions()),
                  new DumperOptions(),
                  options,
                  new PlainText())
              .load(yaml);
      flatten("", root);
    } catch (MarkedYAMLException malformed) {
      throw new BadSettings(fault(name, malformed));
    } catch (YAMLException malformed) {
      throw new BadSettings(name + ": " + malformed.getMessage());
    }
  }

  /** The texts of settings, in the order of the file. */
  Map<String, String> texts() {
    return texts;
  }

  /** Where there is a list. */
  List<String> lists() {
    return lists;
  }

  /** Where there is a section with nothing in it. */
  List<String> emptySections() {
    return emptySections;
  }

  private void flatten(String path, Object node) {
    if (node instanceof Map<?, ?> section) {
      String prefix = path.isEmpty() ? "" : path + ".";
      section.forEach((name, child) -> flatten(prefix + name, child));
      if (section.isEmpty() && !path.isEmpty()) {
        emptySections.add(path);
      }
    } else if (node instanceof Collection && !path.isEmpty()) {
      lists.add(path);
    } else if (!path.isEmpty()) {
      texts.put(path, String.valueOf(node));
    } else if (node != null) {
      throw new YAMLException("must be a mapping of sections to settings");
    }
  }

  // The message quotes the line, and the problem the name of an alias or a tag: an unquoted secret
  // that begins with * or ! is one to YAML.
  private static String fault(String name, MarkedYAMLException malformed) {
    int line = malformed.getProblemMark().getLine() + 1;
    String problem = malformed.getProblem().replaceFirst("\\b(alias|tag handle|tag) .*", "$1");
    return "%s, line %d: %s".formatted(name, line, problem);
  }

  /** Leaves every scalar the text it is: one reading of numbers and units for all origins. */
  private static final class PlainText extends Resolver {
    @Override
    protected void addImplicitResolvers() {
      // none
    }
  }
}
