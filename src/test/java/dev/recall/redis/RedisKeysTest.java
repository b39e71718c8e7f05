package dev.recall.redis;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedisKeysTest {

  @Test
  void result_whenTakenOfFibonacci_isTheKeyOfTheTutorial() {
    assertThat(RedisKeys.result("fib", "10")).isEqualTo("fib:10");
  }

  @Test
  void counter_whenTakenOfAnyName_endsWithTheNameAsItIs() {
    assertThat(RedisKeys.counter("a:{b} *")).isEqualTo("counter:a:{b} *");
  }

  @Test
  void results_whenTakenOfAComputation_isWhatItsResultsBeginWith() {
    assertThat(RedisKeys.results("fib")).isEqualTo("fib:");
    assertThat(RedisKeys.result("fib", "10")).startsWith(RedisKeys.results("fib"));
  }

  @Test
  void results_whenOneNameBeginsAnother_isNotWhatTheResultsOfThatBeginWith() {
    assertThat(RedisKeys.result("fib-2", "10")).doesNotStartWith(RedisKeys.results("fib"));
  }

  @Test
  void lease_whenTakenOfAResult_hasItsKeyInBraces() {
    assertThat(RedisKeys.lease("fib:10")).isEqualTo("lease:{fib:10}");
  }

  @Test
  void leases_whenTakenOfAComputation_isWhatItsLeasesBeginWith() {
    assertThat(RedisKeys.leases("fib")).isEqualTo("lease:{fib:");
    assertThat(RedisKeys.lease("fib:10")).startsWith(RedisKeys.leases("fib"));
    assertThat(RedisKeys.lease("fib-2:10")).doesNotStartWith(RedisKeys.leases("fib"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"fib:10", "reversed:", "reversed:a}b{c", "reversed:lease:{fib:10}", "r:€"})
  void leased_whenTakenOfTheLeaseOfAResult_isThatResult(String result) {
    assertThat(RedisKeys.leased(RedisKeys.lease(result))).isEqualTo(result);
  }

  @Test
  void isLease_whenTheKeyIsALease_holds() {
    assertThat(RedisKeys.isLease(RedisKeys.lease("fib:10"))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"fib:10", "lease:fib:10", "{lease:fib:10}", "leases:{fib:10}", "fib:lease:{", ""})
  void isLease_whenTheKeyIsNone_doesNotHold(String key) {
    assertThat(RedisKeys.isLease(key)).isFalse();
  }
}
