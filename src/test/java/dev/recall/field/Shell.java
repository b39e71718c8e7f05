package dev.recall.field;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** A shell command, bounded in time. */
final class Shell {

  private static final long SECONDS = 60;

  private Shell() {}

  /** What it prints, errors included. */
  static String run(String command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder("timeout", Long.toString(SECONDS), "sh", "-c", command)
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor(SECONDS, TimeUnit.SECONDS);
    return output;
  }
}
