package dev.recall.bench;

import dev.recall.testing.NodeProcess;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** {@code ./run.sh bench}: runs the benchmarks that are named, or all. */
public final class Benchmarks {

  private static final List<String> ALL =
      List.of("fib", "codec", "http", "origin", "locks", "memory");

  private Benchmarks() {}

  /**
   * Runs {@code fib}, {@code codec}, {@code http}, {@code origin}, {@code locks}, {@code memory}
   * or, without arguments, all of them.
   */
  public static void main(String[] arguments) throws Exception {
    for (String name : arguments.length == 0 ? ALL : List.of(arguments)) {
      switch (name) {
        case "fib" -> runJmh("FibonacciBench");
        case "codec" -> runJmh("CodecBench");
        case "http" -> HttpLoad.main(new String[0]);
        case "origin" -> OriginLoad.main(new String[0]);
        case "locks" -> LockLoad.main(new String[0]);
        case "memory" -> MemoryLoad.main(new String[0]);
        default -> {
          System.err.println("There is no benchmark " + name + "; there are " + ALL);
          System.exit(2);
        }
      }
    }
  }

  /** The flags of run.sh, as it tells them. */
  static String[] jvmFlags() {
    String flags = System.getenv("BENCH_JVM");
    return flags == null ? new String[0] : flags.split(" ");
  }

  /** A node that keeps its data here, and has answered. */
  static NodeProcess node(DataDirectory data, String... settings) throws IOException {
    Stream<String> directory = Stream.of("--data.dir=" + data.path());
    NodeProcess node =
        NodeProcess.onJvm(jvmFlags())
            .started(Stream.concat(directory, Stream.of(settings)).toArray(String[]::new));
    int status = node.get("/cache/calculate/10").statusCode();
    if (status != 200) {
      node.close();
      throw new IOException("a node answers " + status);
    }
    return node;
  }

  private static void runJmh(String include) throws RunnerException {
    String[] flags = jvmFlags();
    new Runner(new OptionsBuilder().include(include).jvmArgs(flags).build()).run();
  }
}
