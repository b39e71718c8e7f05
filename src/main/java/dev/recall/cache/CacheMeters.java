package dev.recall.cache;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.function.ToDoubleFunction;

/** What the cache counts, each meter named once. No meter has a key as its label. */
final class CacheMeters {

  private final MeterRegistry registry;
  private final Counter nearHits;
  private final Counter redisHits;
  private final Counter misses;
  private final Counter joined;
  private final Counter computed;
  private final Counter failed;
  private final Counter stale;
  private final Counter refreshed;
  private final Timer feedLag;
  private final Timer leaseWaits;

  CacheMeters(MeterRegistry registry) {
    this.registry = registry;
    nearHits = hits("near");
    redisHits = hits("redis");
    misses = counter("recall.cache.misses", "Results that were in no cache");
    joined = counter("recall.cache.joined", "Requests that waited for another's computation");
    computed = counter("recall.cache.computed", "Results that this node had computed");
    failed = counter("recall.cache.failed", "Computations that failed or were too slow");
    stale = counter("recall.cache.stale", "Results answered past their life");
    refreshed = counter("recall.cache.refreshed", "Refreshes begun before a result's life ended");
    feedLag =
        timer("recall.cache.feed.lag", "From the write of a canary to the news of its change");
    leaseWaits = timer("recall.cache.lease.waits", "Waits for a computation under another's lease");
    for (String cause : new String[] {"changed", "flushed", "unheard", "size", "expired"}) {
      evictions(cause);
    }
  }

  void nearHit() {
    nearHits.increment();
  }

  void redisHit() {
    redisHits.increment();
  }

  void missed() {
    misses.increment();
  }

  void joined() {
    joined.increment();
  }

  void computed() {
    computed.increment();
  }

  void failed() {
    failed.increment();
  }

  void answeredStale() {
    stale.increment();
  }

  void refreshing() {
    refreshed.increment();
  }

  /** A near copy went, or all of them did. */
  void evicted(String cause) {
    evictions(cause).increment();
  }

  void feedLag(Duration lag) {
    feedLag.record(lag);
  }

  void waitedForLease(Duration waited) {
    leaseWaits.record(waited);
  }

  /** Shows what is in a near cache that lives as long as the node. */
  void show(NearCache near) {
    show("recall.cache.near.bytes", "Bytes of near copies", near, NearCache::bytes);
    show(
        "recall.cache.near.bypassed",
        "1 while changes may go unheard, else 0",
        near,
        cache -> cache.isBypassed() ? 1 : 0);
  }

  /** Shows how many of them there are, which live as long as the node. */
  void show(Flights<?> flights) {
    show("recall.cache.flights", "Results being loaded now", flights, Flights::size);
  }

  private <T> void show(String name, String description, T of, ToDoubleFunction<T> number) {
    Gauge.builder(name, of, number).description(description).register(registry);
  }

  private Counter hits(String level) {
    return Counter.builder("recall.cache.hits")
        .description("Results answered from a cache")
        .tag("level", level)
        .register(registry);
  }

  private Counter evictions(String cause) {
    return Counter.builder("recall.cache.evictions")
        .description("Near copies given up; flushed and unheard count all copies as one")
        .tag("cause", cause)
        .register(registry);
  }

  private Counter counter(String name, String description) {
    return Counter.builder(name).description(description).register(registry);
  }

  private Timer timer(String name, String description) {
    return Timer.builder(name).description(description).register(registry);
  }
}
