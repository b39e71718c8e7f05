package dev.recall.registry;

import dev.recall.config.BadSettings;
import dev.recall.config.Definition;
import dev.recall.config.read.DefinitionReader;
import dev.recall.failure.FailureException;
import dev.recall.failure.FailureException.Fault;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Definitions as callers write them: an object with the names and units of the settings. */
final class DefinitionJson {

  private static final Pattern BREAK = Pattern.compile("\\R");

  /** A fault that begins with the name of what it is about. */
  private static final Pattern NAMED = Pattern.compile("[^ :]+( \\(from [^)]*\\))?: ");

  private DefinitionJson() {}

  /**
   * The definition that a JSON object makes.
   *
   * @param further what else is wrong with one that is well-formed
   * @throws FailureException {@link dev.recall.failure.Failure#INVALID} with every fault
   */
  static Definition read(JsonObject json, Function<Definition, List<String>> further) {
    Map<String, String> texts = new LinkedHashMap<>();
    List<Fault> faults = new ArrayList<>();
    for (String name : json.fieldNames()) {
      Object value = json.getValue(name);
      if (value instanceof JsonObject headers && name.equals("headers")) {
        if (headers.stream().allMatch(DefinitionJson::isLine)) {
          texts.put(name, lines(headers));
        } else {
          faults.add(fault("headers: each must be a name and a text, without line breaks"));
        }
      } else if (value instanceof String || value instanceof Integer || value instanceof Long) {
        texts.put(name, value.toString());
      } else {
        faults.add(fault(name + ": must be a text or a whole number"));
      }
    }
    try {
      Definition definition = DefinitionReader.read(texts);
      further.apply(definition).forEach(fault -> faults.add(fault(fault)));
      if (faults.isEmpty()) {
        return definition;
      }
    } catch (BadSettings bad) {
      bad.faults().forEach(fault -> faults.add(fault(fault)));
    }
    throw FailureException.invalid(faults, 0);
  }

  // What would be two headers, or another one, when it is read as a line.
  private static boolean isLine(Map.Entry<String, Object> header) {
    return header.getValue() instanceof String value
        && !BREAK.matcher(value).find()
        && !header.getKey().contains(":")
        && !BREAK.matcher(header.getKey()).find();
  }

  private static String lines(JsonObject headers) {
    List<String> lines = new ArrayList<>();
    headers.forEach(header -> lines.add(header.getKey() + ": " + header.getValue()));
    return String.join("\n", lines);
  }

  private static Fault fault(String sentence) {
    String name = sentence.split("[ :]", 2)[0];
    return new Fault(
        NAMED.matcher(sentence).lookingAt() ? List.of("body", name) : List.of("body"), sentence);
  }
}
