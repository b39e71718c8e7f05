package dev.recall.bench;

import java.util.List;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** {@code ./run.sh bench}: runs the benchmarks that are named, or all. */
public final class Benchmarks {

  private static final List<String> ALL = List.of("fib", "codec", "http", "locks", "memory");

  private Benchmarks() {}

  /**
   * Runs {@code fib}, {@code codec}, {@code http}, {@code locks}, {@code memory} or, without
   * arguments, all of them.
   */
  public static void main(String[] arguments) throws Exception {
    for (String name : arguments.length == 0 ? ALL : List.of(arguments)) {
      switch (name) {
        case "fib" -> runJmh("FibonacciBench");
        case "codec" -> runJmh("CodecBench");
        case "http" -> HttpLoad.main(new String[0]);
        case "locks" -> LockLoad.main(new String[0]);
        case "memory" -> MemoryLoad.main(new String[0]);
        default -> {
          System.err.println("There is no benchmark " + name + "; there are " + ALL);
          System.exit(2);
        }
      }
    }
  }

  private static void runJmh(String include) throws RunnerException {
    String[] flags = ServerProcess.jvmFlags().toArray(String[]::new);
    new Runner(new OptionsBuilder().include(include).jvmArgs(flags).build()).run();
  }
}
