package dev.recall.bench;

import dev.recall.redis.bundled.RedisProcess;
import dev.recall.testing.NodeProcess;
import dev.recall.testing.Python;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A remembered function of Python beside one that keeps its results in Redis by hand. */
final class PythonLoad {

  private static final int NO_CONTENT = 204;
  private static final String LIBRARY = "recall.py";
  private static final String PROGRAM = "src/test/python/bench_remember.py";

  private PythonLoad() {}

  /** What a node must be told. */
  static Stream<String> settings() {
    return Stream.of("--computations.product.by=callers", "--computations.product.ttl=10m");
  }

  /** Where a lease of a result is asked for that is there: as the remembered function does. */
  static URI known(NodeProcess recall) throws IOException {
    int status = recall.ask("PUT", "/v1/results/product/known", "{}").join().statusCode();
    if (status != NO_CONTENT) {
      throw new IOException("the result was not stored: " + status);
    }
    return recall.at("/v1/leases/product/known");
  }

  /**
   * Prints the figures as Markdown.
   *
   * @param redis that of the node
   * @throws IOException where the program fails
   */
  static void run(NodeProcess recall, RedisProcess redis, Effort effort)
      throws IOException, InterruptedException {
    Optional<String> python = Python.with("redis");
    if (python.isEmpty()) {
      System.out.println("There is no python3 with redis: its rows are left out.");
      return;
    }
    try (DataDirectory directory = new DataDirectory()) {
      Files.writeString(
          directory.path().resolve(LIBRARY), recall.get("/clients/" + LIBRARY).body());
      List<String> command =
          List.of(
              python.get(),
              "-B",
              PROGRAM,
              recall.at("").toString(),
              redis.url(),
              Long.toString(effort.warmUp().toSeconds()),
              Integer.toString(effort.rounds()),
              Long.toString(effort.measured().toSeconds()));
      ProcessBuilder program =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(Redirect.INHERIT);
      program.environment().put("PYTHONPATH", directory.path().toString());
      int exitCode = program.start().waitFor();
      if (exitCode != 0) {
        throw new IOException(PROGRAM + " ended with " + exitCode);
      }
    }
  }
}
