package dev.recall.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class PoliciesTest {

  private final Policy primes = policy("primes");
  private final Policy fib = policy("fib");
  private final Policies policies = new Policies(List.of(primes, fib));

  private static Policy policy(String computation) {
    Freshness freshness =
        new Freshness(Duration.ofMinutes(1), Duration.ZERO, 0, 0, Duration.ofSeconds(1));
    return new Policy(computation, freshness, input -> input, text -> true);
  }

  @Test
  void of_whenThereIsSuchAComputation_isItsPolicy() {
    assertThat(policies.of("fib")).isSameAs(fib);
  }

  @Test
  void of_whenThereIsNoSuchComputation_saysSo() {
    assertThatThrownBy(() -> policies.of("fob"))
        .hasMessage("there is no computation fob")
        .satisfies(
            thrown ->
                assertThat(FailureException.isOneOf(thrown, Failure.NO_SUCH_COMPUTATION)).isTrue());
  }

  @Test
  void all_whenGivenInAnyOrder_areInTheOrderOfNames() {
    assertThat(policies.all()).containsExactly(fib, primes);
  }
}
