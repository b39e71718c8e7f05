package dev.recall.cache;

import dev.recall.redis.KeyChanges;
import dev.recall.redis.RedisKeys;
import dev.recall.redis.RedisServer;
import dev.recall.redis.RedisStore;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Hears from Redis of every change of a result or lease, whoever made it, and has the near copy
 * evicted and the waiting woken. That it hears is proved all the time: a canary, a key that it
 * touches over another connection, must be heard of before the next one is due, else the near cache
 * is not trusted until one is. So a near copy is at most {@code 2 × BEAT} older than the change it
 * does not show, even if the connection died without a sign. One instance for each node.
 *
 * <p>After rueidis' {@code rueidisaside}, which waits for computations by the same messages.
 */
public final class InvalidationFeed extends VerticleBase implements KeyChanges.Listener {

  private static final long BEAT_MS = 500;

  /** Less than a beat, since timers vary; a loop that was busy may run two beats at once. */
  private static final long UNHEARD_NS = TimeUnit.MILLISECONDS.toNanos(400);

  private final CacheNode node;
  private final RedisServer redis;
  private RedisStore store;
  private KeyChanges changes;
  private String canaries;
  private String canary = "";
  private Promise<Void> proved;
  private boolean listening;
  private boolean singing;
  private long sung;

  /** The feed of a node, for its near cache and its watches. */
  public InvalidationFeed(CacheNode node, RedisServer redis) {
    this.node = node;
    this.redis = redis;
  }

  @Override
  public Future<?> start() {
    proved = node.promise();
    canaries = RedisKeys.canaries(node.id());
    store = new RedisStore(vertx, redis);
    changes = new KeyChanges(vertx, redis, prefixes(), this);
    vertx.setPeriodic(BEAT_MS, beat -> beat());
    return store
        .open()
        .compose(open -> changes.open())
        .compose(open -> proved.future().timeout(BEAT_MS, TimeUnit.MILLISECONDS).otherwiseEmpty());
  }

  @Override
  public Future<?> stop() {
    distrust();
    changes.close();
    store.close();
    return Future.succeededFuture();
  }

  @Override
  public void listening() {
    listening = true;
    sing();
  }

  @Override
  public void changed(String key) {
    if (key.startsWith(canaries)) {
      heard(key);
    } else if (RedisKeys.isLease(key)) {
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
    listening = false;
    singing = false;
    distrust();
  }

  private void beat() {
    if (listening && !singing) {
      sing();
    } else if (singing && node.clock().read() - sung >= UNHEARD_NS) {
      changes.renew();
    }
  }

  private void sing() {
    singing = true;
    sung = node.clock().read();
    String song = canaries + node.newToken();
    canary = song;
    store.touch(song).onFailure(away -> fellSilent(song));
  }

  // One that was sung before proves nothing: what came after it may be lost.
  private void heard(String key) {
    if (singing && key.equals(canary)) {
      singing = false;
      node.meters().feedLag(Duration.ofNanos(node.clock().read() - sung));
      node.near().trust();
      node.watches().hear(true);
      proved.tryComplete();
    }
  }

  // Redis does not take the canary; whether the feed is well will show when it does again.
  private void fellSilent(String song) {
    if (song.equals(canary)) {
      singing = false;
      distrust();
    }
  }

  private void distrust() {
    proved.tryComplete();
    node.near().distrust();
    node.watches().hear(false);
  }

  private List<String> prefixes() {
    List<String> prefixes = new ArrayList<>();
    prefixes.add(canaries);
    for (Policy policy : node.policies()) {
      prefixes.add(RedisKeys.results(policy.computation()));
      prefixes.add(RedisKeys.leases(policy.computation()));
    }
    return prefixes;
  }
}
