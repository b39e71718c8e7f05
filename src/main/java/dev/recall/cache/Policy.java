package dev.recall.cache;

import dev.recall.api.CacheApi.Result;
import dev.recall.api.CacheStatus;
import dev.recall.api.ComputationsApi.Maker;
import dev.recall.api.Fields;
import dev.recall.config.Definition;
import dev.recall.config.Settings;
import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import dev.recall.redis.ResultStore;
import dev.recall.redis.ResultStore.Found;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * How the results of one computation are remembered.
 *
 * @param computation its name
 * @param maker who makes them
 * @param space what its keys begin with: its name, and its version
 * @param mediaType what they are
 * @param freshness how long they are fresh
 * @param notFoundFor how long it is remembered that there is none, unless its maker says
 * @param maxBytes of the longest result that callers can put
 * @param canonical the one way to write an input; throws {@link
 *     dev.recall.failure.FailureException} for what is none
 * @param isResult whether a text found in Redis can be a result
 */
public record Policy(
    String computation,
    Maker maker,
    String space,
    String mediaType,
    Freshness freshness,
    Duration notFoundFor,
    long maxBytes,
    UnaryOperator<String> canonical,
    Predicate<String> isResult) {

  private static final String TEXT = "text/plain";

  /** Of a class of this program. */
  public Policy(
      String computation,
      Freshness freshness,
      UnaryOperator<String> canonical,
      Predicate<String> isResult) {
    this(
        computation,
        Maker.CLASS,
        computation,
        TEXT,
        freshness,
        Duration.ZERO,
        0,
        canonical,
        isResult);
  }

  /** Of a definition. */
  static Policy of(String computation, Definition definition, Settings.Cache defaults) {
    Maker maker =
        definition.url().isPresent() ? Maker.URL : definition.isLent() ? Maker.LENT : Maker.CALLERS;
    Freshness freshness =
        new Freshness(
            definition.ttl(),
            definition.staleFor().orElse(defaults.staleFor()),
            definition.ttlJitter().orElse(defaults.ttlJitter()),
            definition.refreshAhead().orElse(defaults.refreshAhead()),
            definition.softTimeout().orElse(defaults.softTimeout()));
    return new Policy(
        computation,
        maker,
        definition.space(computation),
        definition.type(),
        freshness,
        definition.notFound(),
        definition.bytes(),
        Policy::name,
        text -> true);
  }

  // A dot segment would leave its place in a URL, whatever it is encoded as.
  private static String name(String input) {
    Fields.RESULT_NAME.require(input);
    if (input.equals(".") || input.equals("..")) {
      throw FailureException.invalid("input", "input must not be a dot segment");
    }
    return input;
  }

  /** Whether its results are made by those who ask for them. */
  boolean isByCallers() {
    return maker == Maker.CALLERS;
  }

  /**
   * What is asked, in canonical form.
   *
   * @param policy of its computation
   * @param input what the result is computed from
   * @param key of the result, in Redis and in the near cache
   * @param caller who asks first, where that is known, else empty
   */
  record Question(Policy policy, String input, String key, String caller) {

    /** Whether what was found at its key is a result within its life. */
    boolean isFresh(Found found) {
      return policy.isResult.test(found.text()) && policy.freshness.lifeLeftMs(found) > 0;
    }

    /** Its result, come by in this way. */
    Result result(String text, CacheStatus status) {
      return result(text, Result.digest(text), status);
    }

    /** Its result, whose digest is known. */
    Result result(String text, long digest, CacheStatus status) {
      return new Result(policy.computation, input, text, digest, policy.mediaType, status);
    }
  }

  /**
   * The question that an input asks.
   *
   * @throws dev.recall.failure.FailureException where the input is none
   */
  Question question(String input) {
    return question(input, "");
  }

  /** The same, asked by a caller. */
  Question question(String input, String caller) {
    String canonicalInput = canonical.apply(input);
    if (isHalved(canonicalInput)) {
      throw Failure.INVALID.because("input must be valid UTF-8");
    }
    return new Question(this, canonicalInput, ResultStore.key(space, canonicalInput), caller);
  }

  // Half a surrogate pair would be written as a question mark, and share the key of that input.
  private static boolean isHalved(String input) {
    for (int i = 0; i < input.length(); i++) {
      if (Character.isSurrogate(input.charAt(i))) {
        return !StandardCharsets.UTF_8.newEncoder().canEncode(input);
      }
    }
    return false;
  }
}
