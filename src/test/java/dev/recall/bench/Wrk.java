package dev.recall.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Load from {@code wrk}, one thread of it. */
final class Wrk implements LoadGenerator {

  private static final Pattern RATE = Pattern.compile("Requests/sec:\\s+([0-9.]+)");
  private static final String PERCENTILE = "\\s+%d%%\\s+([0-9.]+)(us|ms|s)";

  /**
   * Not those that were only late, as the first ones of a JVM may be: the percentiles tell them.
   */
  private static final Pattern BROKEN =
      Pattern.compile("Socket errors: connect (?!0, read 0, write 0,)");

  private static final Pattern REFUSED = Pattern.compile("Non-2xx or 3xx responses: (\\d+)");
  private static final Pattern ANSWERS = Pattern.compile("(?m)^answers (\\d+) (\\d+)$");

  static boolean isInstalled() {
    try {
      Process process = new ProcessBuilder("wrk", "-v").redirectErrorStream(true).start();
      process.getInputStream().readAllBytes();
      return true;
    } catch (IOException missing) {
      return false;
    }
  }

  @Override
  public Load load(Row row, Duration time) throws IOException, InterruptedException {
    if (!row.program().isScripted()) {
      return read(row, run(row, time, List.of()));
    }
    Path script = Files.createTempFile("recall-bench", ".lua");
    try {
      Files.writeString(script, row.program().script());
      return read(row, run(row, time, List.of("-s", script.toString())));
    } finally {
      Files.delete(script);
    }
  }

  private static String run(Row row, Duration time, List<String> options)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("wrk", "-t1", "-c" + CONNECTIONS));
    command.addAll(List.of("-d" + time.toSeconds() + "s", "--latency"));
    command.addAll(options);
    command.addAll(List.of(row.target().toString(), "--", LoadGenerator.newName()));
    Process wrk = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      if (!wrk.waitFor(time.toSeconds() + 10, TimeUnit.SECONDS)) {
        throw new IOException("wrk does not end");
      }
      return new String(wrk.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } finally {
      wrk.destroyForcibly();
    }
  }

  private static Load read(Row row, String report) throws IOException {
    Matcher rate = RATE.matcher(report);
    if (BROKEN.matcher(report).find() || !rate.find()) {
      throw new IOException("wrk reports of " + row.name() + ": " + report);
    }
    return new Load(
        Double.parseDouble(rate.group(1)) / row.program().requests(),
        percentile(report, 50),
        percentile(report, 99),
        row.program().isScripted() ? refusedByStatus(report) : refused(report));
  }

  private static Map<String, Long> refused(String report) {
    Matcher refused = REFUSED.matcher(report);
    return refused.find() ? Map.of("some status", Long.parseLong(refused.group(1))) : Map.of();
  }

  private static Map<String, Long> refusedByStatus(String report) throws IOException {
    Map<String, Long> answers = new TreeMap<>();
    Matcher line = ANSWERS.matcher(report);
    while (line.find()) {
      answers.put(line.group(1), Long.parseLong(line.group(2)));
    }
    if (answers.isEmpty()) {
      throw new IOException("the script counted no answers: " + report);
    }
    answers.keySet().removeIf(status -> status.startsWith("2"));
    return answers;
  }

  private static double percentile(String report, int percent) throws IOException {
    Matcher line = Pattern.compile(PERCENTILE.formatted(percent)).matcher(report);
    if (!line.find()) {
      throw new IOException("wrk reports no latency: " + report);
    }
    double value = Double.parseDouble(line.group(1));
    return switch (line.group(2)) {
      case "us" -> value / 1_000;
      case "ms" -> value;
      default -> value * 1_000;
    };
  }
}
