package dev.recall.bench;

import dev.recall.bench.TimedClient.Answer;
import java.util.List;
import java.util.Locale;

/** Crowds that asked for what was not known: how soon the last was answered after the first. */
final class Crowds {

  static final String HEADING =
      "| a crowd | times | last after first, p50 ms | p99 ms | origin asked |\n"
          + "|---|---:|---:|---:|---:|";

  private final Times spread = new Times();
  private int originAsked;

  /**
   * Notes a crowd.
   *
   * @param originAsked how often, for it
   */
  void add(List<Answer> answers, int originAsked) {
    spread.add(
        answers.stream().mapToLong(Answer::answered).min().orElseThrow(),
        answers.stream().mapToLong(Answer::answered).max().orElseThrow());
    this.originAsked += originAsked;
  }

  String row(String name) {
    return String.format(
        Locale.ROOT,
        "| %s | %d | %.2f | %.2f | %d |",
        name,
        spread.count(),
        spread.percentile(50),
        spread.percentile(99),
        originAsked);
  }
}
