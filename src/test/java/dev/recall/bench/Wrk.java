package dev.recall.bench;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Load from {@code wrk}, one thread of it. */
final class Wrk implements LoadGenerator {

  private static final Pattern RATE = Pattern.compile("Requests/sec:\\s+([0-9.]+)");
  private static final String PERCENTILE = "\\s+%d%%\\s+([0-9.]+)(us|ms|s)";
  private static final Pattern REFUSED =
      Pattern.compile("Non-2xx or 3xx responses: .*|Socket errors: .*");

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
  public Load load(URI target, Duration time) throws IOException, InterruptedException {
    Process wrk =
        new ProcessBuilder(
                "wrk",
                "-t1",
                "-c" + CONNECTIONS,
                "-d" + time.toSeconds() + "s",
                "--latency",
                target.toString())
            .redirectErrorStream(true)
            .start();
    try {
      if (!wrk.waitFor(time.toSeconds() + 10, TimeUnit.SECONDS)) {
        throw new IOException("wrk does not end");
      }
      return read(new String(wrk.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
    } finally {
      wrk.destroyForcibly();
    }
  }

  private static Load read(String report) throws IOException {
    Matcher rate = RATE.matcher(report);
    Matcher refused = REFUSED.matcher(report);
    if (refused.find() || !rate.find()) {
      throw new IOException("wrk reports: " + report);
    }
    return new Load(
        Double.parseDouble(rate.group(1)), percentile(report, 50), percentile(report, 99));
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
