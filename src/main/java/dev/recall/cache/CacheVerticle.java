package dev.recall.cache;

import dev.recall.bus.Address;
import dev.recall.bus.Bus;
import dev.recall.bus.CacheApi;
import dev.recall.bus.ComputeApi;
import dev.recall.bus.ComputeApi.Answer;
import dev.recall.bus.ComputeApi.Ask;
import dev.recall.bus.Failure;
import dev.recall.bus.FailureException;
import dev.recall.bus.Requester;
import dev.recall.redis.RedisServer;
import dev.recall.redis.RedisStore;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Answers from the cache, and has computed what is not in it. One instance for each event loop. */
public final class CacheVerticle extends VerticleBase {

  private final Map<String, Policy> policies;
  private final RedisServer redis;
  private final Flights<CacheApi.Result> flights;
  private final Duration computeDeadline;
  private final Map<String, Requester<Ask, Answer>> requesters = new HashMap<>();
  private Bus bus;
  private RedisStore store;

  /**
   * One of the instances of a node.
   *
   * @param policies by the name of their computation
   * @param flights the node's one
   * @param computeDeadline longest wait for a computation
   */
  public CacheVerticle(
      Map<String, Policy> policies,
      RedisServer redis,
      Flights<CacheApi.Result> flights,
      Duration computeDeadline) {
    this.policies = policies;
    this.redis = redis;
    this.flights = flights;
    this.computeDeadline = computeDeadline;
  }

  @Override
  public Future<?> start() {
    bus = new Bus(vertx);
    store = new RedisStore(vertx, redis);
    return store.open().compose(open -> serve());
  }

  @Override
  public Future<?> stop() {
    return bus.drain().onComplete(drained -> store.close());
  }

  private Future<?> serve() {
    ResultCache cache = new ResultCache(policies, store, flights, this::compute);
    Future<Void> local = bus.serve(CacheApi.GET_LOCAL, cache::get);
    return vertx.isClustered() ? Future.all(local, bus.serve(CacheApi.GET, cache::get)) : local;
  }

  // Another node is asked when this one is busy, and only then: it may die with what it took.
  private Future<String> compute(String computation, String input) {
    return request(ComputeApi.here(computation), input)
        .recover(
            failure ->
                isOverloaded(failure)
                    ? request(ComputeApi.of(computation), input)
                    : Future.failedFuture(failure))
        .map(Answer::result);
  }

  private Future<Answer> request(Address<Ask, Answer> workers, String input) {
    return requesters
        .computeIfAbsent(workers.name(), name -> bus.requester(workers, computeDeadline))
        .request(new Ask(input));
  }

  private static boolean isOverloaded(Throwable failure) {
    return failure instanceof FailureException refusal && refusal.failure() == Failure.OVERLOADED;
  }
}
