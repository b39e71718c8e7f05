package dev.recall.bench;

import dev.recall.bench.LoadGenerator.Load;
import java.time.Duration;
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

  /** The row that is compared to that of Redis, too. */
  static final String NEAR = "near hit";

  /** The row of results that are read from Redis, one GET and PTTL each. */
  static final String REDIS = "Redis hit";

  private final Map<String, List<Load>> rounds = new LinkedHashMap<>();
  private final Map<String, Map<String, Long>> refused = new LinkedHashMap<>();
  private final List<Duration> starts = new ArrayList<>();
  private long residentMegabytes;

  /** Notes a load whose figures do not count, but whose refusals do. */
  void warmUp(Row row, Load load) {
    Map<String, Long> all = refused.computeIfAbsent(row.name(), first -> new TreeMap<>());
    load.refused().forEach((status, times) -> all.merge(status, times, Long::sum));
  }

  /** Notes the figures of a round. */
  void add(Row row, Load load) {
    warmUp(row, load);
    rounds.computeIfAbsent(row.name(), first -> new ArrayList<>()).add(load);
  }

  void start(Duration start) {
    starts.add(start);
  }

  void resident(long megabytes) {
    residentMegabytes = megabytes;
  }

  /** Which routes were ever answered anything but 2xx. */
  List<String> refusedRoutes() {
    return refused.entrySet().stream()
        .filter(route -> !route.getValue().isEmpty())
        .map(Map.Entry::getKey)
        .toList();
  }

  String markdown() {
    StringBuilder text = new StringBuilder();
    text.append("| route | requests/s | p50 ms | p99 ms | ratio to bare | not 2xx |\n");
    text.append("|---|---:|---:|---:|---:|---|\n");
    rounds.forEach((route, loads) -> text.append(row(route, loads)));
    double start = median(starts.stream().mapToDouble(Duration::toMillis).toArray());
    return text.append(
            String.format(
                Locale.ROOT,
                "\nNear hit / Redis hit: %.2f. First answer %.0f ms after the start; %d MB resident"
                    + " after the load.\n",
                ratio(NEAR, REDIS),
                start,
                residentMegabytes))
        .toString();
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

  private double ratio(String route, String to) {
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
