package dev.recall.bench;

import java.util.ArrayList;
import java.util.List;

/** How long something took, each time. */
final class Times {

  private final List<Double> millis = new ArrayList<>();

  /** From one {@link System#nanoTime()} to another; what ended before it began took no time. */
  void add(long begun, long ended) {
    millis.add(Math.max(0, ended - begun) / 1e6);
  }

  int count() {
    return millis.size();
  }

  /** What so many in 100 kept, in milliseconds. */
  double percentile(int percent) {
    return millis.stream()
        .sorted()
        .skip(Math.min(millis.size() - 1, millis.size() * percent / 100))
        .findFirst()
        .orElseThrow();
  }
}
