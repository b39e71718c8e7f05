package dev.recall.cache;

import java.time.Duration;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * How the results of one computation are remembered.
 *
 * @param computation its name, the prefix of its keys
 * @param ttl how long a result is remembered
 * @param canonical the one way to write an input; throws {@link dev.recall.bus.FailureException}
 *     for what is none
 * @param isResult whether a text found in Redis can be a result
 */
public record Policy(
    String computation,
    Duration ttl,
    UnaryOperator<String> canonical,
    Predicate<String> isResult) {}
