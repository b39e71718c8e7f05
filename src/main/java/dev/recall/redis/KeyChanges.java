package dev.recall.redis;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection on which Redis tells of every change of a key that begins with one of some prefixes,
 * whoever made it: {@code CLIENT TRACKING} in broadcasting mode. It carries no commands, because
 * the client gives a pushed message to whichever command awaits its reply. It connects anew, by
 * itself, whenever it is lost. Used on its context only.
 */
public final class KeyChanges implements Connector.Owner {

  private static final Logger LOG = LoggerFactory.getLogger(KeyChanges.class);
  private static final long REFUSED_MS = 1_000;

  private final Vertx vertx;
  private final Connector connector;
  private final List<String> prefixes;
  private final Listener listener;
  private @Nullable RedisConnection connection;
  private boolean closed;

  /** Who is told; on the context of the connection. */
  public interface Listener {

    /** Every change from now on is told, until {@link #lost()}. */
    void listening();

    /** A key was written, expired or removed, or its TTL was changed. */
    void changed(String key);

    /** Every key was removed. */
    void allChanged();

    /** Changes go unheard from now on, until {@link #listening()}. */
    void lost();
  }

  /**
   * A connection for the verticle whose context is current, not connected yet.
   *
   * @param prefixes none of which begins with another
   */
  public KeyChanges(Vertx vertx, RedisServer server, List<String> prefixes, Listener listener) {
    this.vertx = vertx;
    this.connector = new Connector(vertx, server, new SplittableRandom(), this);
    this.prefixes = prefixes;
    this.listener = listener;
  }

  /** Connects; completed after the first attempt, and never failed. */
  public Future<Void> open() {
    return connector.connect().otherwiseEmpty();
  }

  /** Gives up the connection, if there is one, and makes another. */
  public void renew() {
    if (connection != null) {
      ended(connection);
    }
  }

  /** Hears no more. */
  public void close() {
    closed = true;
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
    Request tracking = Request.cmd(Command.CLIENT).arg("TRACKING").arg("ON").arg("BCAST");
    prefixes.forEach(prefix -> tracking.arg("PREFIX").arg(prefix));
    // Not part of the greeting: a server may refuse this and still serve everything else.
    fresh
        .send(tracking)
        .timeout(Connector.DEADLINE.toMillis(), TimeUnit.MILLISECONDS)
        .onComplete((ok, refusal) -> begun(fresh, refusal));
  }

  @Override
  public void notConnected(String reason) {
    // The connector tries on, and the data connections tell of it.
  }

  private void begun(RedisConnection which, @Nullable Throwable refusal) {
    if (which != connection) {
      return;
    }
    if (refusal == null) {
      listener.listening();
    } else {
      LOG.warn("Redis does not tell of changes: {}", Connector.reason(refusal));
      connection = null;
      vertx.setTimer(REFUSED_MS, again -> reconnect());
    }
  }

  private void hear(RedisConnection which, Response push) {
    if (which != connection || push.size() < 2 || !push.get(0).toString().equals("invalidate")) {
      return;
    }
    Response keys = push.get(1);
    if (keys == null) {
      listener.allChanged();
    } else {
      keys.forEach(key -> listener.changed(key.toString()));
    }
  }

  private void ended(RedisConnection which) {
    if (which == connection) {
      connection = null;
      listener.lost();
      reconnect();
    }
  }

  private void reconnect() {
    if (!closed) {
      connector.connect();
    }
  }
}
