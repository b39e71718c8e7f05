package dev.recall.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** What a budget leaves for results and those who wait. */
class ResultBudgetTest {

  private static final long MIB = 1L << 20;

  /** As run.sh starts a node. */
  private final Budget shipped = new Budget(154 * MIB, 64 * MIB, 64 * MIB, 20_000);

  @Test
  void requireResult_whenTheShippedHeapHasRoomForIt_isContent() {
    shipped.requireResult("fib.max-n", 2_089_877);
  }

  @Test
  void requireResult_whenItIsLonger_namesTheSettingAndWhatThereIsRoomFor() {
    assertThatThrownBy(() -> shipped.requireResult("fib.max-n", 20_898_764))
        .isInstanceOf(BadSettings.class)
        .hasMessageContaining("fib.max-n: results of 20898764 bytes do not fit")
        .hasMessageContaining("room for 2883584 each");
  }

  @Test
  void shares_ofWhatIsFree_leaveRoomForOthers() {
    long free = (154 - 24 - 64) * MIB;

    long own =
        shipped.largeResultBytes() + shipped.gatheredBytes() + shipped.lockWaiters() * 4_096L;

    assertThat(own).isLessThan(free * 6 / 10);
  }
}
