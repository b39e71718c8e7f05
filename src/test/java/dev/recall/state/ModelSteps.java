package dev.recall.state;

import java.util.List;
import java.util.function.Consumer;
import net.jqwik.api.statistics.Statistics;

/** What happens to a real Redis and to its model, and whether enough of it was seen. */
final class ModelSteps {

  private static final String ANSWERS = "answers";

  private ModelSteps() {}

  /** Takes the steps on an empty Redis, and compares after each of them. */
  static <S> void follow(Contents redis, List<S> steps, Consumer<S> take, Runnable compare) {
    redis.clear();
    for (S step : steps) {
      take.accept(step);
      compare.run();
    }
  }

  /** Notes an answer. */
  static void saw(Answer<?> answer) {
    Statistics.label(ANSWERS).collect(answer.word());
  }

  /** Requires that each of these answers was noted more than so many times, in all tries. */
  static void assertSeen(int times, String... words) {
    Statistics.label(ANSWERS)
        .coverage(
            seen ->
                List.of(words).forEach(word -> seen.check(word).count(actual -> actual > times)));
  }
}
