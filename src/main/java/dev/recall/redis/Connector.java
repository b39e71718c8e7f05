package dev.recall.redis;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes connections to Redis, one at a time: an attempt when the server permits it, and the next
 * one after a jittered back-off. Used on its context only.
 */
final class Connector {

  /** Longest wait for a connection that has said hello. */
  static final Duration DEADLINE = Duration.ofMillis(500);

  private static final Logger LOG = LoggerFactory.getLogger(Connector.class);
  private static final long FIRST_BACKOFF_MS = 25;
  private static final long LAST_BACKOFF_MS = 200;

  private final Vertx vertx;
  private final RedisServer server;
  private final RandomGenerator jitter;
  private final Owner owner;

  private @Nullable Redis client;
  private String lastReason = "";
  private long backoffMs = FIRST_BACKOFF_MS;
  private boolean closed;

  /** Whose connections these are. */
  interface Owner {

    /** What is sent first; a connection on which it is refused is not used. */
    List<Request> greeting();

    /** A connection was made and greeted. */
    void connected(RedisConnection fresh);

    /** An attempt failed; the next one follows by itself. */
    void notConnected(String reason);
  }

  /** A connector that does nothing yet. */
  Connector(Vertx vertx, RedisServer server, RandomGenerator jitter, Owner owner) {
    this.vertx = vertx;
    this.server = server;
    this.jitter = jitter;
    this.owner = owner;
  }

  /**
   * Closes the last connection, if there is one, and tries to make another until it succeeds.
   *
   * @return the outcome of the first attempt; later ones are only told to the owner
   */
  Future<Void> connect() {
    dropClient();
    if (closed) {
      return Future.succeededFuture();
    }
    if (!server.permitsAttempt()) {
      connectLater();
      return Future.succeededFuture();
    }
    Redis attempt = server.newClient(vertx);
    client = attempt;
    long begun = System.nanoTime();
    return attempt
        .connect()
        .compose(fresh -> fresh.batch(owner.greeting()).map(fresh))
        .timeout(DEADLINE.toMillis(), TimeUnit.MILLISECONDS)
        .onSuccess(connection -> succeed(connection, System.nanoTime() - begun))
        .onFailure(this::fail)
        .mapEmpty();
  }

  /** Closes the last connection and makes no other. */
  void close() {
    closed = true;
    dropClient();
  }

  /** What an exception says, in one line. */
  static String reason(Throwable failure) {
    return RedisErrors.plain(String.valueOf(failure.getMessage()));
  }

  private void succeed(RedisConnection connection, long nanos) {
    server.greeted(nanos);
    backoffMs = FIRST_BACKOFF_MS;
    lastReason = "";
    if (!closed) {
      owner.connected(connection);
    }
  }

  private void fail(Throwable failure) {
    String reason = reason(failure);
    server.failedToAnswer(reason);
    owner.notConnected(reason);
    if (!closed) {
      if (!reason.equals(lastReason)) {
        LOG.warn("No connection to Redis, trying on: {}", reason);
        lastReason = reason;
      }
      connectLater();
    }
  }

  private void connectLater() {
    long wait = backoffMs / 2 + jitter.nextLong(backoffMs / 2 + 1);
    backoffMs = Math.min(2 * backoffMs, LAST_BACKOFF_MS);
    vertx.setTimer(wait, now -> connect());
  }

  private void dropClient() {
    Redis last = client;
    client = null;
    if (last != null) {
      last.close().onFailure(failure -> LOG.warn("A client did not close: {}", reason(failure)));
    }
  }
}
