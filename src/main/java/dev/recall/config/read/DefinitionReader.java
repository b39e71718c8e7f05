package dev.recall.config.read;

import dev.recall.config.BadSettings;
import dev.recall.config.Definition;
import dev.recall.config.Setting;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads a definition that is not in the settings, by the names and units that it would have there.
 */
public final class DefinitionReader {

  private static final String ORIGIN = "the definition";

  private static final Set<String> NAMES =
      Stream.of(Definition.class.getRecordComponents())
          .map((RecordComponent component) -> Layout.written(component))
          .collect(Collectors.toUnmodifiableSet());

  private DefinitionReader() {}

  /**
   * The definition that these texts make.
   *
   * @param texts each by its name, like {@code stale-for}
   * @throws BadSettings listing every fault, each beginning with the name it is about, if it is
   *     about one
   */
  public static Definition read(Map<String, String> texts) {
    List<String> faults = new ArrayList<>();
    Map<String, Setting> settings = new LinkedHashMap<>();
    texts.forEach(
        (name, text) -> {
          if (NAMES.contains(name)) {
            settings.put(name, new Setting(text, ORIGIN));
          } else {
            faults.add(name + ": " + GivenSettings.NO_SUCH);
          }
        });
    Definition definition = new SettingsBinder(settings, faults).bind(Definition.class);
    if (definition == null) {
      throw new BadSettings(faults);
    }
    return definition;
  }
}
