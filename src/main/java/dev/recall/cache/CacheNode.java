package dev.recall.cache;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.recall.api.CacheApi.Result;
import dev.recall.cache.Policy.Question;
import dev.recall.config.Budget;
import dev.recall.config.Settings;
import dev.recall.failure.Failure;
import dev.recall.redis.ResultStore;
import dev.recall.redis.Watches;
import dev.recall.redis.link.Proof;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** What all cache verticles of a node share, whatever event loop they run on. */
public final class CacheNode {

  private final VertxInternal vertx;
  private final String id;
  private final Map<String, Policy> policies = new TreeMap<>();
  private final Duration lease;
  private final Ticker clock = Ticker.systemTicker();
  private final CacheMeters meters;
  private final NearCache near;
  private final Flights<Result> flights = new Flights<>();
  private final Backoff backoff = new Backoff(clock);
  private final long maxResultBytes;
  private final HeldBytes largeResults;
  private final HeldBytes gathered;
  private final Set<String> withLargeResults = ConcurrentHashMap.newKeySet();
  private final Watches watches;
  private final AtomicLong claims = new AtomicLong();

  /**
   * A node that remembers nothing yet.
   *
   * @param id of this node alone, and of this life of it
   * @param policies one for each computation
   * @param proof that changes are heard of
   */
  public CacheNode(
      Vertx vertx,
      String id,
      Collection<Policy> policies,
      Settings.Cache settings,
      Proof proof,
      Budget budget,
      MeterRegistry registry) {
    this.vertx = (VertxInternal) vertx;
    this.id = id;
    policies.forEach(policy -> this.policies.put(policy.computation(), policy));
    lease = settings.lease();
    maxResultBytes = budget.resultBytes();
    largeResults = new HeldBytes(budget.largeResultBytes());
    gathered = new HeldBytes(budget.gatheredBytes());
    meters = new CacheMeters(registry);
    Settings.Near sizes = settings.near();
    near = new NearCache(sizes.maxBytes(), sizes.maxAge(), clock, proof::isFresh, meters);
    watches = new Watches(vertx);
    meters.show("recall.cache.near.bytes", "Bytes of near copies", near, NearCache::bytes);
    meters.show(
        "recall.cache.near.bypassed",
        "1 while changes may go unheard, else 0",
        near,
        cache -> cache.isBypassed() ? 1 : 0);
    meters.show("recall.cache.flights", "Results being loaded now", flights, Flights::size);
  }

  String id() {
    return id;
  }

  /**
   * How the results of a computation are remembered.
   *
   * @throws dev.recall.failure.FailureException {@link Failure#NO_SUCH_COMPUTATION}
   */
  Policy policy(String computation) {
    Policy policy = policies.get(computation);
    if (policy == null) {
      throw Failure.NO_SUCH_COMPUTATION.because("there is no computation " + computation);
    }
    return policy;
  }

  /** All of them, in the order of names. */
  Collection<Policy> policies() {
    return policies.values();
  }

  /** How long the others wait for the result of a holder that died. */
  Duration lease() {
    return lease;
  }

  Ticker clock() {
    return clock;
  }

  CacheMeters meters() {
    return meters;
  }

  NearCache near() {
    return near;
  }

  Flights<Result> flights() {
    return flights;
  }

  Backoff backoff() {
    return backoff;
  }

  /** How long a result may be. */
  long maxResultBytes() {
    return maxResultBytes;
  }

  /**
   * Does something with a large result in hand, of which a node holds a few at a time; each is
   * there twice, as a text and as bytes.
   *
   * @return failed as {@link Failure#OVERLOADED} where there are too many
   */
  <T> Future<T> holding(Question question, long bytes, Supplier<Future<T>> work) {
    if (bytes < ResultStore.LARGE) {
      return work.get();
    }
    sawLarge(question.policy());
    return largeResults.during(2 * bytes, work);
  }

  /** From now on no two results of this computation are read with one command. */
  void sawLarge(Policy policy) {
    withLargeResults.add(policy.computation());
  }

  /** Whether a result of this computation has been large. */
  boolean hasLargeResults(Policy policy) {
    return withLargeResults.contains(policy.computation());
  }

  /** What is held of answers to requests for many results. */
  HeldBytes gathered() {
    return gathered;
  }

  Watches watches() {
    return watches;
  }

  /** A promise of the verticle whose context is current: its timeouts fire there, too. */
  <T> Promise<T> promise() {
    return vertx.promise();
  }

  /** A token that no other claim of a lease has, on any node. */
  String newToken() {
    return id + "-" + claims.incrementAndGet();
  }
}
