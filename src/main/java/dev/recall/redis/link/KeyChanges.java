package dev.recall.redis.link;

import dev.recall.loop.OwnContext;
import dev.recall.redis.link.Proof.Moment;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears from Redis of every change of a key that begins with one of some prefixes, whoever made it.
 * That it hears is proved all the time: a canary, a word that is published over each connection
 * that carries commands, must be heard before the next one is due, else nothing is trusted until
 * one is. It proves those connections as well, before a request finds one dead, and that all talk
 * to one server; and it writes nothing. It is published twice a second while anybody needs to know,
 * else seldom. One instance for each node.
 *
 * <p>After rueidis' {@code rueidisaside}, which waits for computations by the same messages.
 */
public final class KeyChanges extends VerticleBase implements FeedConnection.Owner {

  private static final Logger LOG = LoggerFactory.getLogger(KeyChanges.class);
  private static final long BEAT_MS = 500;

  /** Less than a beat, since timers vary; a loop that was busy may run two beats at once. */
  private static final long UNHEARD_NS = TimeUnit.MILLISECONDS.toNanos(400);

  /** How long it is published often after anybody needed it. */
  private static final long NEEDED_NS = TimeUnit.SECONDS.toNanos(3);

  private static final long IDLE_NS = TimeUnit.SECONDS.toNanos(5);

  /** So that all connections together send at most 55 commands a minute. */
  private static final long IDLE_NS_EACH = TimeUnit.MILLISECONDS.toNanos(1_100);

  private static final long LOOK_NS = TimeUnit.MINUTES.toNanos(2);

  private final RedisServer server;
  private final List<Listener> listeners;
  private final String channel;
  private final Proof proof;
  private final Notice deaf;
  private final AtomicBoolean wanted = new AtomicBoolean();
  private final Set<String> canaries = new HashSet<>();
  private final Map<String, Listener> byPrefix = new LinkedHashMap<>();
  private OwnContext own;
  private FeedConnection feed;
  private Promise<Void> proved;
  private Moment probedAt;
  private long needed;
  private long looked;
  private long probes;
  private boolean heardAny;

  /** Who is told of the changes of some keys; on the context of this verticle. */
  public interface Listener {

    /** What their keys begin with; none begins with another, whosever it is. */
    List<String> prefixes();

    /** Whether it matters now that every change is heard of. */
    boolean isNeeded();

    /**
     * Every change until a moment ago was heard of, and so is every one from now on, until {@link
     * #lost()}.
     *
     * @param lag how long the proof took
     */
    void proved(Duration lag);

    /** A key was written, expired or removed, or its TTL was changed. */
    void changed(String key);

    /** Every key was removed. */
    void allChanged();

    /** Changes go unheard from now on, until {@link #proved}. */
    void lost();
  }

  /**
   * Connected to nothing yet.
   *
   * @param node its id, which no other node has: on a channel of that name it proves that it hears
   */
  public KeyChanges(RedisServer server, String node, List<Listener> listeners) {
    this.server = server;
    this.listeners = listeners;
    this.channel = "recall:canary:" + node;
    this.proof = server.proof();
    deaf = server.notice(LOG);
  }

  @Override
  public Future<?> start() {
    own = OwnContext.of(context);
    proved = own.promise();
    probedAt = proof.now();
    needed = probedAt.nanos();
    looked = probedAt.nanos() - LOOK_NS;
    for (Listener listener : listeners) {
      listener.prefixes().forEach(prefix -> byPrefix.put(prefix, listener));
    }
    feed = new FeedConnection(own, server, byPrefix.keySet(), channel, this);
    proof.onWant(this::probeSoon);
    vertx.setPeriodic(BEAT_MS, beat -> beat());
    return feed.open()
        .compose(open -> proved.future().timeout(BEAT_MS, TimeUnit.MILLISECONDS).otherwiseEmpty());
  }

  @Override
  public Future<?> stop() {
    proof.onWant(() -> {});
    lost();
    feed.close();
    return Future.succeededFuture();
  }

  @Override
  public void listening() {
    probe();
  }

  /**
   * Tells one of the listeners of the changes of more keys; called on any thread.
   *
   * @param prefixes of the keys, none of which begins with another
   * @return completed, and never failed, when every change from now on is heard of, or none of any
   *     key is trusted to be
   */
  public Future<Void> track(Listener listener, List<String> prefixes) {
    Promise<Void> tracked = OwnContext.promiseOrLoose();
    own.run(
        () -> {
          prefixes.forEach(prefix -> byPrefix.put(prefix, listener));
          feed.track(prefixes).onComplete(tracked);
        });
    return tracked.future();
  }

  @Override
  public void changed(String key) {
    for (Map.Entry<String, Listener> listener : byPrefix.entrySet()) {
      if (key.startsWith(listener.getKey())) {
        listener.getValue().changed(key);
        return;
      }
    }
  }

  @Override
  public void allChanged() {
    listeners.forEach(Listener::allChanged);
  }

  @Override
  public void heard(String canary) {
    if (canaries.remove(canary)) {
      heardAny = true;
      proveIfAllAreHeard();
    }
  }

  @Override
  public void lost() {
    canaries.clear();
    proof.refute();
    listeners.forEach(Listener::lost);
    proved.tryComplete();
  }

  private void beat() {
    long now = proof.now().nanos();
    long sinceProbe = now - probedAt.nanos();
    boolean asked = proof.wasAsked();
    if (asked || listeners.stream().anyMatch(Listener::isNeeded)) {
      needed = now;
    }
    if (!canaries.isEmpty()) {
      if (sinceProbe >= UNHEARD_NS) {
        wentUnheard();
      }
    } else if (sinceProbe >= idleNanos() || (feed.isListening() && isUrgent(now))) {
      probe();
    }
    if (now - looked >= LOOK_NS) {
      look(now);
    }
  }

  private boolean isUrgent(long now) {
    return now - needed <= NEEDED_NS || !proof.isHeard();
  }

  private long idleNanos() {
    return Math.max(IDLE_NS, server.connections().all().size() * IDLE_NS_EACH);
  }

  /** Who needs a proof does not wait for the next beat. */
  private void probeSoon() {
    if (wanted.compareAndSet(false, true)) {
      own.run(
          () -> {
            wanted.set(false);
            if (canaries.isEmpty() && feed.isListening() && !proof.isRecent()) {
              probe();
            }
          });
    }
  }

  private void probe() {
    probedAt = proof.now();
    heardAny = false;
    boolean listening = feed.isListening();
    for (HeldConnection connection : server.connections().all()) {
      if (connection.isUp()) {
        if (listening) {
          probe(connection);
        } else {
          connection.prove(Request.cmd(Command.PING)).onFailure(KeyChanges::told);
        }
      }
    }
    if (listening) {
      proveIfAllAreHeard(); // where there was nobody to publish it
    }
  }

  private void probe(HeldConnection connection) {
    String canary = Long.toString(++probes);
    canaries.add(canary);
    connection
        .prove(Request.cmd(Command.PUBLISH).arg(channel).arg(canary))
        .onComplete(
            (reply, lost) -> {
              if (lost != null) {
                withdraw(canary);
              } else if (RedisErrors.isError(reply)) {
                canaries.remove(canary);
                feed.refused("PUBLISH", RedisErrors.refusal(reply.toString()).orElse("ERR"));
              }
            });
  }

  // Over a connection that is lost, which says nothing of the others.
  private void withdraw(String canary) {
    if (canaries.remove(canary)) {
      proveIfAllAreHeard();
    }
  }

  private void proveIfAllAreHeard() {
    if (!canaries.isEmpty()) {
      return;
    }
    if (!heardAny) {
      lost(); // whether the feed is well will show when there is somebody to publish it
      return;
    }
    deaf.end("Changes of keys are heard of again");
    proof.prove(probedAt);
    Duration lag = Duration.ofNanos(proof.now().nanos() - probedAt.nanos());
    listeners.forEach(listener -> listener.proved(lag));
    feed.proved();
    proved.tryComplete();
  }

  // Though each was published: the feed is deaf, or hears another server.
  private void wentUnheard() {
    deaf.begin("Changes of keys go unheard: near copies are not used, waiters poll");
    feed.renew();
  }

  private void look(long now) {
    looked = now;
    for (HeldConnection connection : server.connections().all()) {
      if (connection.isUp()) {
        connection.prove(Eviction.question()).onSuccess(this::lookedAt).onFailure(KeyChanges::told);
        return;
      }
    }
  }

  private void lookedAt(Response info) {
    if (!RedisErrors.isError(info)) {
      server.eviction().answered(info);
    }
  }

  // What loses a connection tells of it by itself.
  private static void told(@Nullable Throwable lost) {}
}
