package dev.recall.bench;

import dev.recall.bench.LoadGenerator.Load;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The figures of all rounds, and their medians as a Markdown table. */
final class LoadTable {

  /** The row that every other is compared to. */
  static final String BARE = "bare server";

  private final Map<String, List<Load>> rounds = new LinkedHashMap<>();
  private final Map<String, Map<String, Long>> refused = new LinkedHashMap<>();

  /** Loads all rows, one after another, in each of the rounds; before them each is warmed up. */
  static LoadTable measured(List<Row> rows, Effort effort)
      throws IOException, InterruptedException {
    LoadTable table = new LoadTable();
    LoadGenerator generator = LoadGenerator.best();
    for (Row row : rows) {
      table.warmUp(row, generator.load(row, effort.warmUp()));
    }
    for (int round = 0; round < effort.rounds(); round++) {
      for (Row row : rows) {
        table.add(row, generator.load(row, effort.measured()));
      }
    }
    return table;
  }

  // Its figures do not count, but its refusals do.
  private void warmUp(Row row, Load load) {
    Map<String, Long> all = refused.computeIfAbsent(row.name(), first -> new TreeMap<>());
    load.refused().forEach((status, times) -> all.merge(status, times, Long::sum));
  }

  private void add(Row row, Load load) {
    warmUp(row, load);
    rounds.computeIfAbsent(row.name(), first -> new ArrayList<>()).add(load);
  }

  /**
   * Fails where a route was ever answered anything but 2xx.
   *
   * @throws IOException that names them
   */
  void requireAllAnswered() throws IOException {
    List<String> routes =
        refused.entrySet().stream()
            .filter(route -> !route.getValue().isEmpty())
            .map(Map.Entry::getKey)
            .toList();
    if (!routes.isEmpty()) {
      throw new IOException("not all answers were 2xx: " + routes);
    }
  }

  String markdown() {
    StringBuilder text = new StringBuilder();
    text.append("| route | requests/s | p50 ms | p99 ms | ratio to bare | not 2xx |\n");
    text.append("|---|---:|---:|---:|---:|---|\n");
    rounds.forEach((route, loads) -> text.append(row(route, loads)));
    return text.toString();
  }

  private String row(String route, List<Load> loads) {
    return String.format(
        Locale.ROOT,
        "| %s | %.0f | %.2f | %.2f | %.2f | %s |\n",
        route,
        median(loads, Load::perSecond),
        median(loads, Load::medianMs),
        median(loads, Load::p99Ms),
        ratio(route, BARE),
        told(refused.getOrDefault(route, Map.of())));
  }

  private static String told(Map<String, Long> refused) {
    return refused.isEmpty()
        ? "none"
        : refused.entrySet().stream()
            .map(status -> status.getValue() + " of " + status.getKey())
            .collect(Collectors.joining(", "));
  }

  /** How many times as many requests a route answered as another did, round by round. */
  double ratio(String route, String to) {
    List<Load> loads = rounds.getOrDefault(route, List.of());
    List<Load> others = rounds.getOrDefault(to, List.of());
    return median(
        IntStream.range(0, loads.size())
            .mapToDouble(i -> loads.get(i).perSecond() / others.get(i).perSecond())
            .toArray());
  }

  private static double median(List<Load> loads, ToDoubleFunction<Load> figure) {
    return median(loads.stream().mapToDouble(figure).toArray());
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
