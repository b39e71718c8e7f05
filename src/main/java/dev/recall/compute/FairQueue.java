package dev.recall.compute;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What waits, one of each caller in turn, so that who has much waiting makes others wait no longer
 * than if he had little. Where there is no more room, the last of whoever has most waiting gives
 * way, after McKenney (1990), "Stochastic fairness queueing". Not thread-safe.
 */
final class FairQueue<T> {

  private final int capacity;

  /** None is empty; whose turn is next comes first. */
  private final Map<String, Deque<T>> byCaller = new LinkedHashMap<>();

  private int size;

  /**
   * An empty queue.
   *
   * @param capacity 1 or more
   */
  FairQueue(int capacity) {
    this.capacity = capacity;
  }

  int size() {
    return size;
  }

  /** How many have their turn before one that this caller would add now. */
  int before(String caller) {
    int own = sizeOf(caller);
    return byCaller.values().stream().mapToInt(all -> Math.min(all.size(), own + 1)).sum();
  }

  /** Adds one, and answers who had to give way for it: nobody, another, or itself. */
  @Nullable T add(String caller, T one) {
    T gone = null;
    if (size == capacity) {
      if (longest().size() <= sizeOf(caller) + 1) {
        return one; // it would have most then
      }
      gone = removeLast();
    }
    byCaller.computeIfAbsent(caller, first -> new ArrayDeque<>()).add(one);
    size++;
    return gone;
  }

  /** Removes the one whose turn it is; null where nobody waits. */
  @Nullable T poll() {
    Iterator<Map.Entry<String, Deque<T>>> turns = byCaller.entrySet().iterator();
    if (!turns.hasNext()) {
      return null;
    }
    Map.Entry<String, Deque<T>> turn = turns.next();
    turns.remove();
    String caller = turn.getKey();
    Deque<T> all = turn.getValue();
    T one = all.remove();
    size--;
    if (!all.isEmpty()) {
      byCaller.put(caller, all); // behind the others
    }
    return one;
  }

  /** Removes one before its turn. */
  void remove(String caller, T one) {
    Deque<T> all = byCaller.get(caller);
    if (all != null && all.remove(one)) {
      size--;
      if (all.isEmpty()) {
        byCaller.remove(caller);
      }
    }
  }

  /** Removes those whose turn would come after so many others, and answers them. */
  List<T> keepFirst(long most) {
    List<T> gone = new ArrayList<>();
    while (size > most) {
      gone.add(removeLast());
    }
    return gone;
  }

  private int sizeOf(String caller) {
    Deque<T> all = byCaller.get(caller);
    return all == null ? 0 : all.size();
  }

  private Deque<T> longest() {
    return byCaller.values().stream().max(Comparator.comparingInt(Deque::size)).orElseThrow();
  }

  private T removeLast() {
    Map.Entry<String, Deque<T>> most =
        byCaller.entrySet().stream()
            .max(Comparator.comparingInt(entry -> entry.getValue().size()))
            .orElseThrow();
    T last = most.getValue().removeLast();
    size--;
    if (most.getValue().isEmpty()) {
      byCaller.remove(most.getKey());
    }
    return last;
  }
}
