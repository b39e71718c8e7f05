package dev.recall.redis.link;

import dev.recall.loop.OwnContext;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The connection on which Redis tells of changes: {@code CLIENT TRACKING} in broadcasting mode, and
 * a channel of our own. It carries no commands once it is set up, because the client gives a pushed
 * message to whichever command awaits its reply. It connects anew, by itself, whenever it is lost,
 * and seldom where it is refused. Used on its context only.
 */
final class FeedConnection implements Connector.Owner {

  private static final long FIRST_RETRY_MS = 125;
  private static final long LAST_RETRY_MS = 5_000;
  private static final long FIRST_REFUSED_MS = 2_000;
  private static final long LAST_REFUSED_MS = 15_000;

  private final OwnContext context;
  private final RedisServer server;
  private final Connector connector;
  private final RandomGenerator jitter;
  private final Set<String> prefixes;
  private final Deque<Promise<Void>> tracking = new ArrayDeque<>();
  private final String channel;
  private final Owner owner;
  private @Nullable RedisConnection connection;
  private boolean listening;
  private long retryMs;
  private long refusedMs = FIRST_REFUSED_MS;

  /** Who is told; on the context of the connection. */
  interface Owner {

    /** From now on everything is told, until {@link #lost()}. */
    void listening();

    /** A key was written, expired or removed, or its TTL was changed. */
    void changed(String key);

    /** Every key was removed. */
    void allChanged();

    /** Something was published on the channel. */
    void heard(String message);

    /** Nothing is told from now on, until {@link #listening()}. */
    void lost();
  }

  /**
   * A connection that is not made yet.
   *
   * @param prefixes of the keys, none of which begins with another
   */
  FeedConnection(
      OwnContext context,
      RedisServer server,
      Collection<String> prefixes,
      String channel,
      Owner owner) {
    this.context = context;
    this.server = server;
    jitter = server.random();
    this.connector = new Connector(context, server, "changes of keys", jitter, this);
    this.channel = channel;
    this.owner = owner;
    this.prefixes = new LinkedHashSet<>(prefixes);
  }

  private static Request tracking(Collection<String> prefixes) {
    Request tracking = Request.cmd(Command.CLIENT).arg("TRACKING").arg("ON").arg("BCAST");
    prefixes.forEach(prefix -> tracking.arg("PREFIX").arg(prefix));
    return tracking;
  }

  /**
   * Hears of more keys, without missing a change of the others.
   *
   * @return completed, and never failed, when it does, or is not connected: then it will
   */
  Future<Void> track(List<String> more) {
    List<String> fresh = more.stream().filter(prefixes::add).toList();
    if (fresh.isEmpty() || connection == null) {
      return Future.succeededFuture();
    }
    if (!listening) {
      renew(0); // it has been told of the others alone
      return Future.succeededFuture();
    }
    Promise<Void> tracked = context.promise();
    tracking.add(tracked);
    RedisConnection on = connection;
    // What answers may be a change that came in between, and the answer a push: each is heard.
    on.send(tracking(fresh)).onSuccess(reply -> hear(on, reply)).onFailure(lost -> ended(on));
    context.later(
        server.deadlines().redisConnect().toMillis(), late -> expectTracking(on, tracked));
    return tracked.future();
  }

  private void expectTracking(RedisConnection which, Promise<Void> tracked) {
    if (!tracked.future().isComplete()) {
      ended(which);
    }
  }

  /** Connects; completed after the first attempt, and never failed. */
  Future<Void> open() {
    return connector.connect().otherwiseEmpty();
  }

  boolean isListening() {
    return listening;
  }

  /** Gives up the connection, if there is one, and makes another: soon, unless it often fails. */
  void renew() {
    renew(retryMs);
    retryMs = Math.min(LAST_RETRY_MS, 2 * retryMs + FIRST_RETRY_MS);
  }

  private void renew(long inMs) {
    if (connection != null) {
      drop();
      connector.connectIn(inMs);
    }
  }

  /** The server refuses something without which the feed is of no use. */
  void refused(String what, String code) {
    if (connection == null) {
      return;
    }
    server.refusals().begun(what, code);
    renew(refusedMs / 2 + jitter.nextLong(refusedMs / 2));
    refusedMs = Math.min(2 * refusedMs, LAST_REFUSED_MS);
  }

  /** All is well. */
  void proved() {
    retryMs = 0;
    refusedMs = FIRST_REFUSED_MS;
    server.refusals().ended("PUBLISH");
  }

  void close() {
    connection = null;
    connector.close();
  }

  @Override
  public List<Request> greeting() {
    return List.of(Request.cmd(Command.PING));
  }

  @Override
  public void connected(RedisConnection fresh) {
    connection = fresh;
    fresh.exceptionHandler(failure -> ended(fresh));
    fresh.endHandler(end -> ended(fresh));
    fresh.handler(push -> hear(fresh, push));
    setUp(fresh, List.of(Request.cmd(Command.HELLO).arg(3), tracking(prefixes)), 0);
  }

  @Override
  public void notConnected(String reason) {
    // The connector tries on, and tells.
  }

  // One after the other, and none of it part of the greeting: a server may refuse each of these
  // and still serve everything else.
  private void setUp(RedisConnection fresh, List<Request> setUp, int step) {
    if (step == setUp.size()) {
      // Its answer is a push.
      fresh.send(Request.cmd(Command.SUBSCRIBE).arg(channel)).onFailure(lost -> ended(fresh));
      context.later(server.deadlines().redisConnect().toMillis(), late -> expectAnswer(fresh));
      return;
    }
    fresh
        .send(setUp.get(step))
        .timeout(server.deadlines().redisConnect().toMillis(), TimeUnit.MILLISECONDS)
        .onComplete(
            (ok, failure) -> {
              if (fresh != connection) {
                return;
              }
              if (failure == null) {
                server.refusals().ended(name(setUp.get(step)));
                setUp(fresh, setUp, step + 1);
              } else {
                setUpFailed(name(setUp.get(step)), failure);
              }
            });
  }

  private void setUpFailed(String step, Throwable failure) {
    if (RedisErrors.isLostConnection(failure)) {
      renew();
    } else {
      refused(step, RedisErrors.refusal(failure.toString()).orElse("ERR"));
    }
  }

  private void expectAnswer(RedisConnection which) {
    if (which == connection && !listening) {
      renew();
    }
  }

  private void hear(RedisConnection which, Response push) {
    if (which != connection) {
      return;
    }
    if (push.type() == ResponseType.SIMPLE || push.type() == ResponseType.BULK) {
      if (!tracking.isEmpty()) {
        tracking.remove().tryComplete();
      }
      return;
    }
    if (push.type() == ResponseType.ERROR) {
      refused("SUBSCRIBE", RedisErrors.refusal(push.toString()).orElse("ERR"));
      return;
    }
    switch (push.get(0).toString()) {
      case "subscribe" -> {
        server.refusals().ended("SUBSCRIBE");
        listening = true;
        owner.listening();
      }
      case "message" -> owner.heard(push.get(2).toString());
      case "invalidate" -> changed(push.get(1));
      default -> {} // nothing we asked for
    }
  }

  private void changed(@Nullable Response keys) {
    if (keys == null) {
      owner.allChanged();
    } else {
      keys.forEach(key -> owner.changed(key.toString()));
    }
  }

  private void ended(RedisConnection which) {
    if (which == connection) {
      renew();
    }
  }

  private void drop() {
    connection = null;
    listening = false;
    tracking.forEach(Promise::tryComplete);
    tracking.clear();
    owner.lost();
  }

  private static String name(Request command) {
    String name = Refusals.place(command);
    return name.equals("CLIENT") ? "CLIENT TRACKING" : name;
  }
}
