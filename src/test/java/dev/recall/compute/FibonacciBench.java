package dev.recall.compute;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Times Fibonacci numbers with their digits, in both radixes around the switch and far above. */
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class FibonacciBench {

  /** F(n) in binary, digits written. */
  @Benchmark
  public String inBinary(AroundSwitch around) throws InterruptedException {
    return Fibonacci.inBinary(around.n);
  }

  /** F(n) in decimal, digits written. */
  @Benchmark
  public String inDecimal(AroundSwitch around) throws InterruptedException {
    return Fibonacci.inDecimal(around.n);
  }

  /** F(10^7), the number that GMP is known by. */
  @Benchmark
  public String tenMillionth() throws InterruptedException {
    return Fibonacci.inDecimal(10_000_000);
  }

  /** Where the two radixes meet. */
  @State(Scope.Benchmark)
  public static class AroundSwitch {

    /** The index. */
    @Param({"100000", "140000", "200000", "400000"})
    public int n;
  }
}
