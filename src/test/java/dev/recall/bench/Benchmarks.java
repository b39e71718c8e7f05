package dev.recall.bench;

import java.util.List;
import java.util.Map;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** {@code ./run.sh bench}: runs the benchmarks that are named, or all. */
public final class Benchmarks {

  private static final Map<String, String> OF_METHODS =
      Map.of("fib", "FibonacciBench", "codec", "CodecBench");

  private Benchmarks() {}

  /** Runs {@code fib}, {@code codec}, {@code http} or, without arguments, all of them. */
  public static void main(String[] arguments) throws Exception {
    for (String name :
        arguments.length == 0 ? List.of("fib", "codec", "http") : List.of(arguments)) {
      if (name.equals("http")) {
        HttpLoad.main(new String[0]);
      } else if (OF_METHODS.containsKey(name)) {
        runJmh(OF_METHODS.get(name));
      } else {
        System.err.println("There is no benchmark " + name + "; there are fib, codec and http");
        System.exit(2);
      }
    }
  }

  private static void runJmh(String include) throws RunnerException {
    String[] flags = ServerProcess.jvmFlags().toArray(String[]::new);
    new Runner(new OptionsBuilder().include(include).jvmArgs(flags).build()).run();
  }
}
