package dev.recall.bench;

import java.time.Duration;

/**
 * How long a benchmark goes on: as long as its figures need, or, where {@code BENCH_QUICK} is set,
 * just long enough to see that it works.
 *
 * @param warmUp load on each row before the first round
 * @param measured load on each row in each round
 * @param rounds of all rows
 * @param handOvers of each kind that are measured one by one
 * @param crowds that ask for something at once
 */
record Effort(Duration warmUp, Duration measured, int rounds, int handOvers, int crowds) {

  private static final Effort FULL =
      new Effort(Duration.ofSeconds(8), Duration.ofSeconds(5), 5, 300, 50);
  private static final Effort QUICK =
      new Effort(Duration.ofSeconds(2), Duration.ofSeconds(1), 2, 20, 3);

  static Effort asked() {
    return System.getenv("BENCH_QUICK") == null ? FULL : QUICK;
  }
}
