package dev.recall.cache;

import static java.util.Objects.requireNonNull;

import dev.recall.bus.CacheApi.Result;
import dev.recall.bus.CacheManyApi.Answer;
import dev.recall.bus.CacheManyApi.Answers;
import dev.recall.bus.CacheManyApi.Found;
import dev.recall.bus.CacheManyApi.GetMany;
import dev.recall.bus.CacheManyApi.Refused;
import dev.recall.bus.Failure;
import dev.recall.bus.FailureException;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Answers many inputs at once: each gets its result or its own failure, in the order asked. */
final class ManyResults {

  private final ResultCache cache;

  ManyResults(ResultCache cache) {
    this.cache = cache;
  }

  Future<Answers> get(GetMany get) {
    Policy policy = cache.policy(get.computation());
    Map<String, String> canonical = new HashMap<>();
    Map<String, Answer> refused = new HashMap<>();
    for (String input : get.inputs()) {
      try {
        canonical.put(input, policy.canonical().apply(input));
      } catch (FailureException invalid) {
        refused.put(input, new Refused(input, invalid));
      }
    }
    return cache
        .getAll(policy, Set.copyOf(canonical.values()))
        .map(
            results -> {
              Set<String> told = new HashSet<>();
              List<Answer> answers = new ArrayList<>();
              for (String input : get.inputs()) {
                String name = canonical.get(input);
                answers.add(
                    name == null
                        ? requireNonNull(refused.get(input))
                        : answer(input, requireNonNull(results.get(name)), told.add(name)));
              }
              return new Answers(answers);
            });
  }

  // Of equal inputs, only the first caused the computation.
  private static Answer answer(String input, Future<Result> result, boolean first) {
    if (result.failed()) {
      return new Refused(input, asFailure(result.cause()));
    }
    Result found = first ? result.result() : result.result().remembered();
    return new Found(found.input(), found.result(), found.source());
  }

  private static FailureException asFailure(Throwable cause) {
    return cause instanceof FailureException failure
        ? failure
        : Failure.INTERNAL.because("this is a bug: " + cause);
  }
}
