package dev.recall.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import java.math.BigInteger;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FibonacciTest {

  private static final Fibonacci FIB = new Fibonacci(100_000, Duration.ofMinutes(10));

  /** By nothing but additions. */
  private static BigInteger naive(int n) {
    BigInteger current = BigInteger.ZERO;
    BigInteger next = BigInteger.ONE;
    for (int i = 0; i < n; i++) {
      BigInteger sum = current.add(next);
      current = next;
      next = sum;
    }
    return current;
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "1, 1",
    "2, 1",
    "3, 2",
    "4, 3",
    "5, 5",
    "6, 8",
    "7, 13",
    "10, 55",
    "47, 2971215073",
    "92, 7540113804746346429",
    "93, 12200160415121876738",
    "100, 354224848179261915075"
  })
  void compute_whenNIsSmall_isTheKnownValue(int n, String value) throws InterruptedException {
    assertThat(FIB.compute(Integer.toString(n))).isEqualTo(value);
    assertThat(Fibonacci.inDecimal(n)).isEqualTo(value);
  }

  @ParameterizedTest
  @CsvSource({"4781, 999", "4782, 1000", "4787, 1001"})
  void compute_whenNIsLarge_hasEveryDigit(int n, int digits) throws InterruptedException {
    assertThat(FIB.compute(Integer.toString(n))).hasSize(digits).isEqualTo(naive(n).toString());
  }

  @Test
  void compute_whenItChangesToDecimal_goesOnWithTheSameSequence() throws InterruptedException {
    int n = Fibonacci.DECIMAL_FROM;

    String decimal = FIB.compute(Integer.toString(n));

    assertThat(decimal).isEqualTo(Fibonacci.inBinary(n));
    assertThat(new BigInteger(decimal))
        .isEqualTo(
            new BigInteger(FIB.compute(Integer.toString(n - 1)))
                .add(new BigInteger(FIB.compute(Integer.toString(n - 2)))));
  }

  @ParameterizedTest
  @ValueSource(ints = {1_000, Fibonacci.DECIMAL_FROM})
  void compute_whenTheThreadIsInterrupted_stops(int n) {
    Thread.currentThread().interrupt();

    assertThatExceptionOfType(InterruptedException.class)
        .isThrownBy(() -> FIB.compute(Integer.toString(n)));
    assertThat(Thread.interrupted()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "00, 0", "007, 7", "7, 7", "10, 10", "100000, 100000", "0100000, 100000"})
  void canonical_whenTheInputIsAnAllowedNumber_isWithoutLeadingZeros(String input, String n) {
    assertThat(FIB.canonical(input)).isEqualTo(n);
  }

  @Test
  void canonical_whenThereAreThousandsOfZeros_isWithoutThem() {
    assertThat(FIB.canonical("0".repeat(4_095) + "7")).isEqualTo("7");
  }

  static String[] refused() {
    return new String[] {
      "",
      " ",
      "-1",
      "-0",
      "+7",
      "1e3",
      "5.0",
      " 5 ",
      "5\n",
      "1_0",
      "0x10",
      "ten",
      "٣",
      "１",
      "100001",
      "999999999",
      "1000000000",
      "4294967297",
      "9".repeat(3_000),
      "0".repeat(4_097)
    };
  }

  @ParameterizedTest
  @MethodSource("refused")
  void canonical_whenTheInputIsNoneOrTooLarge_isInvalid(String input) {
    assertThatExceptionOfType(FailureException.class)
        .isThrownBy(() -> FIB.canonical(input))
        .returns(Failure.INVALID, FailureException::failure)
        .returns("must be a whole number from 0 to 100000", FailureException::detail);
  }

  @ParameterizedTest
  @CsvSource({
    "0, true",
    "55, true",
    "'', false",
    "-1, false",
    "5.0, false",
    "٣, false",
    "5x, false"
  })
  void isResult_whenTheTextIsOnlyDigits_holds(String text, boolean result) {
    assertThat(FIB.isResult(text)).isEqualTo(result);
  }
}
