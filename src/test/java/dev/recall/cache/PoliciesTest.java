package dev.recall.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.recall.config.Definition;
import dev.recall.config.Settings;
import dev.recall.config.read.DefinitionReader;
import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import dev.recall.registry.Definitions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PoliciesTest {

  private static final Settings.Cache DEFAULTS =
      new Settings.Cache(
          new Settings.Near(0, Duration.ofMinutes(1)),
          Duration.ofSeconds(5),
          10,
          80,
          Duration.ofHours(1),
          Duration.ofMillis(200));

  private final Definition shop =
      DefinitionReader.read(
          Map.of("by", "callers", "ttl", "1m", "version", "2", "refresh-ahead", "50"));
  private final Policy primes = policy("primes");
  private final Policy fib = policy("fib");
  private final Policies policies =
      new Policies(List.of(primes, fib), new Definitions(Map.of("shop", shop)), DEFAULTS);

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
  void of_whenItIsDefined_isAsItsDefinitionSaysAndElseAsTheCacheIs() {
    Policy policy = policies.of("shop");

    assertThat(policy.isByCallers()).isTrue();
    assertThat(policy.question("1").key()).isEqualTo("shop@2:1");
    assertThat(policy.freshness())
        .isEqualTo(
            new Freshness(
                Duration.ofMinutes(1), Duration.ofHours(1), 10, 50, Duration.ofMillis(200)));
  }

  @Test
  void all_whenGivenInAnyOrder_areInTheOrderOfNames() {
    assertThat(policies.all()).containsExactly(fib, primes, policies.of("shop"));
  }
}
