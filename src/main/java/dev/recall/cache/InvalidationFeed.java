package dev.recall.cache;

import dev.recall.redis.RedisKeys;
import dev.recall.redis.link.KeyChanges;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Is told of every change of a result or lease, whoever made it, and has the near copy evicted and
 * the waiting woken.
 */
public final class InvalidationFeed implements KeyChanges.Listener {

  private final CacheNode node;
  private final List<String> prefixes = new ArrayList<>();

  /** The feed of a node, for its near cache and its watches. */
  public InvalidationFeed(CacheNode node) {
    this.node = node;
    for (Policy policy : node.policies()) {
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
    return node.watches().areAny();
  }

  @Override
  public void proved(Duration lag) {
    node.meters().feedLag(lag);
    node.near().trust();
    node.watches().hear(true);
  }

  @Override
  public void changed(String key) {
    if (RedisKeys.isLease(key)) {
      node.watches().wake(RedisKeys.leased(key));
    } else {
      node.flights().forget(key);
      node.near().evict(key);
      node.watches().wake(key);
    }
  }

  @Override
  public void allChanged() {
    node.flights().forgetAll();
    node.near().flush();
    node.watches().wakeAll();
  }

  @Override
  public void lost() {
    node.near().distrust();
    node.watches().hear(false);
  }
}
