package dev.recall.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recall.api.LockApi;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever waits does so longer than what he waits for. */
class DeadlinesTest {

  private static final Deadlines USUAL = Deadlines.of(Duration.ofSeconds(5));

  @Test
  void state_whenATurnIsLostAndAnotherConnectionMade_isNotOverYet() {
    Duration worst = USUAL.redisTurn().plus(USUAL.redisConnect());

    assertThat(USUAL.redisTurn()).isLessThan(USUAL.redisConnect());
    assertThat(USUAL.state()).isGreaterThan(worst);
  }

  @Test
  void originConnect_ofAUsualComputation_leavesTimeForTheAnswer() {
    assertThat(Deadlines.ORIGIN_CONNECT.multipliedBy(2)).isLessThan(USUAL.compute());
  }

  @ParameterizedTest
  @ValueSource(longs = {10, 5_000, 50_000})
  void of_whenTheLongestComputationMaySoLong_everyOneBeforeItWaitsLonger(long compute) {
    Deadlines deadlines = Deadlines.of(Duration.ofMillis(compute));

    assertThat(deadlines.computed()).isGreaterThan(deadlines.compute());
    assertThat(deadlines.cached())
        .isGreaterThan(
            deadlines.computed().plus(deadlines.redisTurn()).plus(deadlines.redisTurn()));
    assertThat(deadlines.peers().request()).isGreaterThan(deadlines.cached());
  }

  @Test
  void request_whenALockIsWaitedFor_isNotOverYet() {
    assertThat(USUAL.peers().request()).isGreaterThan(LockApi.MAX_WAIT.plus(USUAL.state()));
  }

  @Test
  void peers_whenTheyOweMore_haveMoreTime() {
    Deadlines.Peers peers = USUAL.peers();

    assertThat(peers.linger()).isLessThan(peers.header());
    assertThat(peers.header()).isLessThanOrEqualTo(peers.grace());
    assertThat(peers.grace()).isLessThan(peers.idle());
    assertThat(peers.idle()).isLessThan(peers.request());
  }

  @Test
  void stop_whenEveryPartNeedsAllItsTime_isNotOverYet() {
    Duration parts =
        USUAL
            .httpDrain()
            .plus(
                Deadlines.BUS_DRAIN.multipliedBy(3)) // compute, cache and state, one after another
            .plus(Deadlines.REDIS_STOP);

    assertThat(Deadlines.STOP).isGreaterThan(parts);
  }
}
