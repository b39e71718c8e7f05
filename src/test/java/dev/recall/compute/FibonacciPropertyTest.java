package dev.recall.compute;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Apart from {@link FibonacciTest}: two engines would write the report of one class twice. */
class FibonacciPropertyTest {

  @Property(tries = 200)
  void compute_whenNIsAny_isTheSumOfTheTwoBeforeInBothArithmetics(
      @ForAll @IntRange(min = 1, max = 5_000) int n) throws InterruptedException {
    BigInteger sum =
        new BigInteger(Fibonacci.inBinary(n)).add(new BigInteger(Fibonacci.inBinary(n - 1)));

    assertThat(Fibonacci.inBinary(n + 1)).isEqualTo(sum.toString());
    assertThat(Fibonacci.inDecimal(n + 1)).isEqualTo(sum.toString());
  }
}
