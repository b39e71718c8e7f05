package dev.recall.cache;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.recall.redis.KeyWaits;
import dev.recall.redis.KeyWaits.KeyWait;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Waits for what comes of a lease that somebody else holds: until there is news of its key, or the
 * lease has ended; while no news can be heard, only for a moment.
 */
final class LeaseWaits {

  /** The longest time between two looks at another's lease, while no changes are heard of. */
  private static final long DEAF_MS = 100;

  private final KeyWaits keyWaits;
  private final CacheMeters meters;
  private final Ticker clock;
  private final RandomGenerator random;

  LeaseWaits(KeyWaits keyWaits, CacheMeters meters, Ticker clock, RandomGenerator random) {
    this.keyWaits = keyWaits;
    this.meters = meters;
    this.clock = clock;
    this.random = random;
  }

  /**
   * Completed, and never failed, when it is time to look again.
   *
   * @param watch of the key, begun before the lease was looked at
   * @param leaseMs how long the lease lives
   * @param atMostMs 1 or more
   */
  Future<Void> await(KeyWait watch, long leaseMs, long atMostMs) {
    long begun = clock.read();
    return watch
        .changed(Math.min(atMostMs, Math.min(leaseMs + 1, pauseMs())))
        .onSuccess(over -> meters.waitedForLease(Duration.ofNanos(clock.read() - begun)));
  }

  private long pauseMs() {
    return keyWaits.areHearing() ? Long.MAX_VALUE : DEAF_MS / 2 + random.nextLong(DEAF_MS / 2);
  }
}
