package dev.recall.cache;

import dev.recall.redis.KeyWaits;
import dev.recall.redis.LeaseStore;
import dev.recall.redis.ResultStore;
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
  private final KeyWaits keyWaits;
  private final CacheMeters meters;
  private final List<String> prefixes = new ArrayList<>();

  /**
   * The feed of a node.
   *
   * @param policies of whose results and leases it is told
   */
  InvalidationFeed(
      Policies policies,
      NearCache near,
      Flights<?> flights,
      KeyWaits keyWaits,
      CacheMeters meters) {
    this.near = near;
    this.flights = flights;
    this.keyWaits = keyWaits;
    this.meters = meters;
    for (Policy policy : policies.all()) {
      prefixes.add(ResultStore.prefix(policy.space()));
      prefixes.add(LeaseStore.prefix(policy.space()));
    }
  }

  @Override
  public List<String> prefixes() {
    return prefixes;
  }

  @Override
  public boolean isNeeded() {
    return keyWaits.areAny();
  }

  @Override
  public void proved(Duration lag) {
    meters.feedLag(lag);
    near.trust();
    keyWaits.hear(true);
  }

  @Override
  public void changed(String key) {
    if (LeaseStore.isLease(key)) {
      keyWaits.wake(LeaseStore.leased(key));
    } else {
      flights.forget(key);
      near.evict(key);
      keyWaits.wake(key);
    }
  }

  @Override
  public void allChanged() {
    flights.forgetAll();
    near.flush();
    keyWaits.wakeAll();
  }

  @Override
  public void lost() {
    near.distrust();
    keyWaits.hear(false);
  }
}
