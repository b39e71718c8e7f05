package dev.recall.compute;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FairQueueTest {

  private final FairQueue<String> queue = new FairQueue<>(5);

  private void add(String... ones) {
    for (String one : ones) {
      assertThat(queue.add(one.substring(0, 1), one)).isNull();
    }
  }

  private List<String> all() {
    List<String> all = new ArrayList<>();
    for (String one = queue.poll(); one != null; one = queue.poll()) {
      all.add(one);
    }
    return all;
  }

  @Test
  void poll_whenSeveralCallersWait_takesOneOfEachInTurn() {
    add("a1", "a2", "a3", "b1", "c1");

    assertThat(all()).containsExactly("a1", "b1", "c1", "a2", "a3");
  }

  @Test
  void poll_whenNobodyWaits_isNull() {
    assertThat(queue.poll()).isNull();
  }

  @Test
  void before_whenACallerComes_countsThoseWhoseTurnIsEarlier() {
    add("a1", "a2", "a3", "b1");

    assertThat(queue.before("c")).isEqualTo(2);
    assertThat(queue.before("b")).isEqualTo(3);
    assertThat(queue.before("a")).isEqualTo(4);
  }

  @Test
  void add_whenItIsFull_takesThePlaceOfTheLastOfWhoeverHasMost() {
    add("a1", "a2", "a3", "b1", "c1");

    assertThat(queue.add("b", "b2")).isEqualTo("a3");
    assertThat(all()).containsExactly("a1", "b1", "c1", "a2", "b2");
  }

  @Test
  void add_whenItIsFullAndTheCallerHasMost_isRefused() {
    add("a1", "a2", "a3", "b1", "b2");

    assertThat(queue.add("a", "a4")).isEqualTo("a4");
    assertThat(queue.size()).isEqualTo(5);
  }

  @Test
  void remove_whenItIsTheOnlyOneOfItsCaller_forgetsTheCaller() {
    add("a1", "b1");

    queue.remove("a", "a1");
    queue.remove("a", "a1");

    assertThat(queue.size()).isEqualTo(1);
    assertThat(all()).containsExactly("b1");
  }

  @Test
  void keepFirst_whenThereAreMore_removesThoseWhoseTurnIsLast() {
    add("a1", "a2", "a3", "b1", "c1");

    assertThat(queue.keepFirst(3)).containsExactly("a3", "a2");
    assertThat(queue.keepFirst(3)).isEmpty();
    assertThat(all()).containsExactly("a1", "b1", "c1");
  }
}
