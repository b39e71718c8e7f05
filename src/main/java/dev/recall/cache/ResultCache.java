package dev.recall.cache;

import dev.recall.bus.CacheApi.Get;
import dev.recall.bus.CacheApi.Result;
import dev.recall.bus.CacheApi.Source;
import dev.recall.bus.Failure;
import dev.recall.bus.FailureException;
import dev.recall.redis.RedisKeys;
import dev.recall.redis.RedisStore;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cache-aside over Redis: a result is read from Redis, else computed once, written there and
 * answered. Without Redis it is still computed and answered.
 */
final class ResultCache {

  private static final Logger LOG = LoggerFactory.getLogger(ResultCache.class);

  /** How many misses of one request are computed at a time: less than the workers' queue holds. */
  private static final int AT_ONCE = 64;

  private static final Future<Optional<Result>> MISS = Future.succeededFuture(Optional.empty());

  private final Map<String, Policy> policies;
  private final RedisStore store;
  private final Flights<Result> flights;
  private final Loader loader;

  ResultCache(
      Map<String, Policy> policies, RedisStore store, Flights<Result> flights, Loader loader) {
    this.policies = policies;
    this.store = store;
    this.flights = flights;
    this.loader = loader;
  }

  /** The result, wherever it comes from. */
  Future<Result> get(Get get) {
    Policy policy = policy(get.computation());
    String input = policy.canonical().apply(get.input());
    return read(policy, input)
        .transform(
            (hit, redisAway) ->
                redisAway == null && hit.isPresent()
                    ? Future.succeededFuture(hit.get())
                    : fly(policy, input, redisAway == null));
  }

  /**
   * The results of many inputs in canonical form, each for itself: one command to Redis for all of
   * them, and a flight for each miss, not too many at a time.
   *
   * @return completed when all are
   */
  Future<Map<String, Future<Result>>> getAll(Policy policy, Set<String> inputs) {
    Map<String, Future<Result>> results = new HashMap<>();
    if (inputs.isEmpty()) {
      return Future.succeededFuture(results);
    }
    List<String> misses = new ArrayList<>(inputs);
    return store
        .getAll(misses.stream().map(input -> key(policy, input)).toList())
        .transform(
            (found, redisAway) -> {
              for (int i = 0; redisAway == null && i < found.size(); i++) {
                String input = misses.get(i);
                found
                    .get(i)
                    .filter(policy.isResult())
                    .map(text -> Future.succeededFuture(hit(policy, input, text)))
                    .ifPresent(hit -> results.put(input, hit));
              }
              misses.removeAll(results.keySet());
              return flyAll(policy, misses, redisAway == null, results);
            });
  }

  private Future<Map<String, Future<Result>>> flyAll(
      Policy policy, List<String> misses, boolean remember, Map<String, Future<Result>> results) {
    if (misses.isEmpty()) {
      return Future.succeededFuture(results);
    }
    List<String> now = misses.subList(0, Math.min(AT_ONCE, misses.size()));
    now.forEach(input -> results.put(input, fly(policy, input, remember)));
    return Future.join(now.stream().map(results::get).toList())
        .transform(
            done -> flyAll(policy, misses.subList(now.size(), misses.size()), remember, results));
  }

  /** How the results of a computation are remembered. */
  Policy policy(String computation) {
    Policy policy = policies.get(computation);
    if (policy == null) {
      throw Failure.NO_SUCH_COMPUTATION.because("there is no computation " + computation);
    }
    return policy;
  }

  private Future<Result> fly(Policy policy, String input, boolean remember) {
    return flights.fly(
        key(policy, input),
        () -> remember ? load(policy, input) : compute(policy, input),
        Result::remembered);
  }

  // The last flight may have landed between our read and our take-off: look again.
  private Future<Result> load(Policy policy, String input) {
    return read(policy, input)
        .compose(
            hit ->
                hit.isPresent()
                    ? Future.succeededFuture(hit.get())
                    : compute(policy, input).compose(result -> write(policy, result)));
  }

  private Future<Optional<Result>> read(Policy policy, String input) {
    return store
        .get(key(policy, input))
        .map(found -> found.filter(policy.isResult()).map(text -> hit(policy, input, text)))
        .recover(failure -> isWrongType(failure) ? MISS : Future.failedFuture(failure));
  }

  private static Result hit(Policy policy, String input, String text) {
    return new Result(policy.computation(), input, text, Source.CACHE);
  }

  private Future<Result> compute(Policy policy, String input) {
    return loader
        .compute(policy.computation(), input)
        .map(text -> new Result(policy.computation(), input, text, Source.COMPUTED));
  }

  private Future<Result> write(Policy policy, Result result) {
    return store
        .set(key(policy, result.input()), result.result(), policy.ttl())
        .onFailure(failure -> LOG.warn("A result was not remembered: {}", failure.getMessage()))
        .otherwiseEmpty()
        .map(result);
  }

  // A list or a hash where a result should be is replaced like any other text that is no result.
  private static boolean isWrongType(Throwable failure) {
    return failure instanceof FailureException refusal && refusal.failure() == Failure.WRONG_TYPE;
  }

  private static String key(Policy policy, String input) {
    return RedisKeys.result(policy.computation(), input);
  }

  /** Where a result comes from when it is not remembered. */
  interface Loader {
    Future<String> compute(String computation, String input);
  }
}
