package dev.recall.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.RemovalCause;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Copies of what is in Redis, in the memory of this node, bounded by bytes. They are kept while
 * every change is heard of: between {@link #trust} and {@link #distrust}; and answered only where
 * that was proved within the last second, at the very moment of answering.
 *
 * <p>Whoever reads Redis takes a {@link Stamp} before and puts with it after. A key that was
 * evicted in between is not put: what was read may be older than the change. Thread-safe.
 */
final class NearCache {

  /** What a copy takes beside its characters: 226 as measured, and some for a table that grows. */
  static final int COPY_BYTES = 256;

  private static final int STRIPES = 1024;

  private final long maxBytes;
  private final Duration maxAge;
  private final Ticker clock;
  private final BooleanSupplier isProved;
  private final CacheMeters meters;

  /** Replaced as a whole when every copy may be wrong; null while changes go unheard. */
  private volatile @Nullable Contents contents;

  /**
   * An empty one that is not trusted yet.
   *
   * @param maxBytes of keys and results together; 0: it never keeps any
   * @param maxAge the longest life of a copy
   * @param isProved asked for each answer: whether every change until just now was heard of
   */
  NearCache(
      long maxBytes, Duration maxAge, Ticker clock, BooleanSupplier isProved, CacheMeters meters) {
    this.maxBytes = maxBytes;
    this.maxAge = maxAge;
    this.clock = clock;
    this.isProved = isProved;
    this.meters = meters;
  }

  /**
   * A copy.
   *
   * @param text the result
   * @param digest of the text
   * @param ends when its life in Redis ends, on the clock
   */
  record Copy(String text, long digest, long ends) {}

  /** The state of a key before it is read from Redis. */
  record Stamp(@Nullable Contents contents, int generation) {}

  /** The copy of a key, where there is one and it is as new as can be proved. */
  @Nullable Copy get(String key) {
    Contents now = contents;
    return now == null || !isProved.getAsBoolean() ? null : now.copies.getIfPresent(key);
  }

  /** What is left of a copy's life, in milliseconds. */
  long lifeLeftMs(Copy copy) {
    return TimeUnit.NANOSECONDS.toMillis(copy.ends - clock.read());
  }

  /** To be taken before the key is read from Redis. */
  Stamp stamp(String key) {
    Contents now = contents;
    return new Stamp(now, now == null ? 0 : now.generations.get(stripe(key)));
  }

  /**
   * Keeps a copy, unless the key was evicted since the stamp was taken.
   *
   * @param lifeMs what is left of its life in Redis, 1 or more
   * @return whether it is kept
   */
  boolean put(String key, String text, long digest, long lifeMs, Stamp stamp) {
    Contents then = stamp.contents;
    Copy copy = new Copy(text, digest, clock.read() + TimeUnit.MILLISECONDS.toNanos(lifeMs));
    if (then == null
        || then != contents
        || !then.isCurrent(key, stamp)
        || weigh(key, copy) > maxBytes) {
      return false;
    }
    // Inside, an eviction of this key is either seen or waits and then removes the copy.
    Copy kept =
        then.copies
            .asMap()
            .compute(key, (same, older) -> then.isCurrent(key, stamp) ? copy : older);
    return copy.equals(kept);
  }

  /** Forgets one key, whatever is being read of it now. */
  void evict(String key) {
    Contents now = contents;
    if (now != null) {
      now.generations.incrementAndGet(stripe(key));
      if (now.copies.asMap().remove(key) != null) {
        meters.evicted("changed");
      }
    }
  }

  /** Forgets all keys, as Redis did. */
  void flush() {
    if (contents != null) {
      contents = new Contents();
      meters.evicted("flushed");
    }
  }

  /** From now on every change is heard of. */
  void trust() {
    if (contents == null && maxBytes > 0) {
      contents = new Contents();
    }
  }

  /** From now on changes may go unheard. */
  void distrust() {
    if (contents != null) {
      contents = null;
      meters.evicted("unheard");
    }
  }

  /** Whether copies are to be kept and cannot, since changes may go unheard. */
  boolean isBypassed() {
    return contents == null && maxBytes > 0;
  }

  /** How many bytes are kept, as estimated. */
  long bytes() {
    Contents now = contents;
    return now == null ? 0 : now.bytes();
  }

  private static int stripe(String key) {
    int hash = key.hashCode();
    return (hash ^ hash >>> 16) & (STRIPES - 1);
  }

  private static int weigh(String key, Copy copy) {
    return COPY_BYTES + bytes(key) + bytes(copy.text);
  }

  // As the JVM keeps them: a byte for each character up to U+00FF, else two.
  private static int bytes(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) > 0xFF) {
        return 2 * text.length();
      }
    }
    return text.length();
  }

  /** All copies made since every change is heard of. */
  private final class Contents {

    private final Cache<String, Copy> copies =
        Caffeine.newBuilder()
            .maximumWeight(maxBytes)
            .weigher(NearCache::weigh)
            .expireAfter(Expiry.<String, Copy>writing((key, copy) -> life(copy)))
            .ticker(clock)
            .executor(Runnable::run)
            .removalListener(
                (@Nullable String key, @Nullable Copy copy, RemovalCause cause) -> {
                  if (cause.wasEvicted()) {
                    meters.evicted(cause == RemovalCause.SIZE ? "size" : "expired");
                  }
                })
            .build();

    /** How often a key of this stripe was evicted. */
    private final AtomicIntegerArray generations = new AtomicIntegerArray(STRIPES);

    boolean isCurrent(String key, Stamp stamp) {
      return generations.get(stripe(key)) == stamp.generation;
    }

    private Duration life(Copy copy) {
      Duration left = Duration.ofNanos(copy.ends - clock.read());
      return left.compareTo(maxAge) < 0 ? left : maxAge;
    }

    long bytes() {
      return copies.policy().eviction().orElseThrow().weightedSize().orElse(0);
    }
  }
}
