package dev.recall.form;

import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import dev.recall.failure.FailureException.Fault;
import java.util.ArrayList;
import java.util.List;

/**
 * What is wrong with a message: the first faults as they are, and how many more there are, since a
 * refusal must not be longer than what it refuses.
 */
final class Faults {

  /** How many are kept. */
  static final int MAX = 20;

  private List<Fault> first = List.of();
  private long more;

  void add(Fault fault) {
    if (first.isEmpty()) {
      first = new ArrayList<>(); // only now: nearly every message is in order
    }
    if (first.size() < MAX) {
      first.add(fault);
    } else {
      more++;
    }
  }

  boolean isEmpty() {
    return first.isEmpty();
  }

  /** All of them, as one {@link Failure#INVALID}. */
  FailureException refusal() {
    return FailureException.invalid(first, more);
  }
}
