package dev.recall.config.read;

import dev.recall.config.Settings;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** How {@link Settings} are written: records as sections, components as settings. */
final class Layout {

  private Layout() {}

  /** The maps of named records, in the order of the sections. */
  static List<NamedRecords> maps() {
    List<NamedRecords> maps = new ArrayList<>();
    collect("", Settings.class, maps);
    return maps;
  }

  /** A component as it is written: {@code maxN} is {@code max-n}. */
  static String written(RecordComponent component) {
    return component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }

  /** Whether a component has settings of its own, under fixed names. */
  static boolean isSection(RecordComponent component) {
    return component.getType().isRecord() && Conversion.constructor(component.getType()).isEmpty();
  }

  /** Whether a component has records, under names that operators choose. */
  static boolean isMap(RecordComponent component) {
    return component.getType() == Map.class;
  }

  /** The type of the records in a map. */
  static Class<?> recordType(RecordComponent map) {
    return (Class<?>) ((ParameterizedType) map.getGenericType()).getActualTypeArguments()[1];
  }

  private static void collect(String prefix, Class<?> section, List<NamedRecords> maps) {
    for (RecordComponent component : section.getRecordComponents()) {
      String path = prefix + written(component);
      if (isSection(component)) {
        collect(path + ".", component.getType(), maps);
      } else if (isMap(component)) {
        RecordComponent[] fields = recordType(component).getRecordComponents();
        maps.add(new NamedRecords(path, Stream.of(fields).map(Layout::written).toList()));
      }
    }
  }
}
