package dev.recall.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** The objects that a JVM holds, after a full collection: {@code jcmd GC.class_histogram}. */
final class HeapHistogram {

  private final List<String> lines;

  private HeapHistogram(List<String> lines) {
    this.lines = lines;
  }

  static HeapHistogram of(long pid) throws IOException, InterruptedException {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    Process process =
        new ProcessBuilder(jcmd, Long.toString(pid), "GC.class_histogram")
            .redirectErrorStream(true)
            .start();
    String report = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("jcmd reports: " + report);
    }
    return new HeapHistogram(report.lines().map(String::trim).toList());
  }

  /** Of all objects. */
  long bytes() throws IOException {
    return Long.parseLong(fields("Total ")[2]);
  }

  /** How many objects are of this class. */
  long instances(String name) throws IOException {
    return Long.parseLong(fields(name)[1]);
  }

  // "12:   3456   789012  name (module)", at the end "Total   3456   789012"
  private String[] fields(String name) throws IOException {
    return lines.stream()
        .filter(line -> line.startsWith(name) || line.endsWith(" " + name))
        .findFirst()
        .orElseThrow(() -> new IOException("the heap has no " + name))
        .split("\\s+");
  }
}
