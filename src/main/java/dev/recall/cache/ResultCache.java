package dev.recall.cache;

import dev.recall.bus.CacheApi.Get;
import dev.recall.bus.CacheApi.Result;
import dev.recall.bus.CacheApi.Source;
import dev.recall.bus.Failure;
import dev.recall.bus.FailureException;
import dev.recall.redis.RedisKeys;
import dev.recall.redis.RedisStore;
import io.vertx.core.Future;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cache-aside over Redis: a result is read from Redis, else computed once, written there and
 * answered. Without Redis it is still computed and answered.
 */
final class ResultCache {

  private static final Logger LOG = LoggerFactory.getLogger(ResultCache.class);

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
    Policy policy = policies.get(get.computation());
    if (policy == null) {
      throw Failure.NO_SUCH_COMPUTATION.because("there is no computation " + get.computation());
    }
    String input = policy.canonical().apply(get.input());
    return read(policy, input)
        .transform(
            (hit, redisAway) ->
                redisAway == null && hit.isPresent()
                    ? Future.succeededFuture(hit.get())
                    : fly(policy, input, redisAway == null));
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
        .recover(redisAway -> MISS)
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
