package dev.recall.redis.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProofTest {

  private final AtomicLong nanos = new AtomicLong(-7_000_000_000L);
  private final AtomicLong millis = new AtomicLong(1_700_000_000_000L);
  private final Proof proof = new Proof(nanos::get, millis::get);

  @Test
  void isFresh_whenNothingWasProved_doesNotHold() {
    assertThat(proof.isFresh()).isFalse();
    assertThat(proof.isHeard()).isFalse();
  }

  @Test
  void isFresh_whenItWasProvedWithinASecond_holds() {
    proof.prove(proof.now());
    pass(1_000);

    assertThat(proof.isFresh()).isTrue();
  }

  @Test
  void isFresh_whenTheProcessWasStopped_doesNotHoldUntilItIsProvedAnew() {
    proof.prove(proof.now());
    pass(1_001);

    assertThat(proof.isFresh()).isFalse();
    assertThat(proof.isHeard()).isTrue();

    proof.prove(proof.now());
    assertThat(proof.isFresh()).isTrue();
  }

  @Test
  void isFresh_whenTheMachineSleptAndOnlyTheTimeOfDayWentOn_doesNotHold() {
    proof.prove(proof.now());
    millis.addAndGet(60_000);

    assertThat(proof.isFresh()).isFalse();
  }

  @Test
  void isFresh_whenTheTimeOfDayWasSetBack_doesNotHold() {
    proof.prove(proof.now());
    millis.addAndGet(-60_000);

    assertThat(proof.isFresh()).isFalse();
  }

  @Test
  void isFresh_whenItDoesNotHold_asksForANewProof() {
    AtomicInteger wanted = new AtomicInteger();
    proof.onWant(wanted::incrementAndGet);

    proof.isFresh();

    assertThat(wanted).hasValue(1);
    assertThat(proof.wasAsked()).isTrue();
    assertThat(proof.wasAsked()).isFalse();
  }

  @Test
  void isFresh_whenChangesGoUnheard_doesNotHold() {
    proof.prove(proof.now());
    proof.refute();

    assertThat(proof.isFresh()).isFalse();
  }

  private void pass(long milliseconds) {
    nanos.addAndGet(Duration.ofMillis(milliseconds).toNanos());
    millis.addAndGet(milliseconds);
  }
}
