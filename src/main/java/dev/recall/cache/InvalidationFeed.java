package dev.recall.cache;

import dev.recall.redis.RedisKeys;
import dev.recall.redis.Watches;
import dev.recall.redis.link.KeyChanges;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Is told of every change of a result or lease, whoever made it, and has the near copy evicted and
 * the waiting woken.
 */
final class InvalidationFeed implements KeyChanges.Listener {

  private final NearCache near;
  private final Flights<?> flights;
  private final Watches watches;
  private final CacheMeters meters;
  private final List<String> prefixes = new ArrayList<>();

  /**
   * The feed of a node.
   *
   * @param policies of whose results and leases it is told
   */
  InvalidationFeed(
      Policies policies, NearCache near, Flights<?> flights, Watches watches, CacheMeters meters) {
    this.near = near;
    this.flights = flights;
    this.watches = watches;
    this.meters = meters;
    for (Policy policy : policies.all()) {
      prefixes.add(RedisKeys.results(policy.computation()));
      prefixes.add(RedisKeys.leases(policy.computation()));
    }
  }

  @Override
  public List<String> prefixes() {
    return prefixes;
  }

  @Override
  public boolean isNeeded() {
    return watches.areAny();
  }

  @Override
  public void proved(Duration lag) {
    meters.feedLag(lag);
    near.trust();
    watches.hear(true);
  }

  @Override
  public void changed(String key) {
    if (RedisKeys.isLease(key)) {
      watches.wake(RedisKeys.leased(key));
    } else {
      flights.forget(key);
      near.evict(key);
      watches.wake(key);
    }
  }

  @Override
  public void allChanged() {
    flights.forgetAll();
    near.flush();
    watches.wakeAll();
  }

  @Override
  public void lost() {
    near.distrust();
    watches.hear(false);
  }
}
