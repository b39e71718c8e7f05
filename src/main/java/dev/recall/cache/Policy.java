package dev.recall.cache;

import dev.recall.redis.RedisKeys;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * How the results of one computation are remembered.
 *
 * @param computation its name, the prefix of its keys
 * @param freshness how long they are fresh
 * @param canonical the one way to write an input; throws {@link dev.recall.bus.FailureException}
 *     for what is none
 * @param isResult whether a text found in Redis can be a result
 */
public record Policy(
    String computation,
    Freshness freshness,
    UnaryOperator<String> canonical,
    Predicate<String> isResult) {

  /**
   * What is asked, in canonical form.
   *
   * @param policy of its computation
   * @param input what the result is computed from
   * @param key of the result, in Redis and in the near cache
   */
  record Question(Policy policy, String input, String key) {}

  /**
   * The question that an input asks.
   *
   * @throws dev.recall.bus.FailureException where the input is none
   */
  Question question(String input) {
    String canonicalInput = canonical.apply(input);
    return new Question(this, canonicalInput, RedisKeys.result(computation, canonicalInput));
  }
}
