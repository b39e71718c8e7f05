package dev.recall.redis.link;

import dev.recall.loop.OwnContext;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes connections to Redis, one at a time: an attempt when the server permits it, and the next
 * one after a jittered back-off, a longer one while other connections serve. Used on its context
 * only.
 */
final class Connector {

  private static final Logger LOG = LoggerFactory.getLogger(Connector.class);
  private static final long FIRST_BACKOFF_MS = 25;
  private static final long LAST_BACKOFF_MS = 200;
  private static final long LAST_BACKOFF_BESIDE_OTHERS_MS = 5_000;

  private static final long SHORT_LIFE_NS = TimeUnit.SECONDS.toNanos(1);

  private final OwnContext context;
  private final RedisServer server;
  private final String name;
  private final RandomGenerator jitter;
  private final Owner owner;
  private final Notice notice;

  private @Nullable Redis client;
  private long backoffMs = FIRST_BACKOFF_MS;
  private boolean negotiates;
  private boolean connected;
  private long connectedAt;
  private boolean closed;

  /** Whose connections these are. */
  interface Owner {

    /** What is sent after who we are; a connection on which it is refused is not used. */
    List<Request> greeting();

    /** A connection was made and greeted. */
    void connected(RedisConnection fresh);

    /** An attempt failed; the next one follows by itself. */
    void notConnected(String reason);
  }

  /**
   * A connector that does nothing yet.
   *
   * @param name of what its connections are for, in the log
   */
  Connector(
      OwnContext context, RedisServer server, String name, RandomGenerator jitter, Owner owner) {
    this.context = context;
    this.server = server;
    notice = server.notice(LOG);
    this.name = name;
    this.jitter = jitter;
    this.owner = owner;
  }

  /**
   * Closes the last connection, if there is one, and tries to make another until it succeeds: at
   * once, unless the last one did not live for a second.
   *
   * @return the outcome of the first attempt; later ones are only told to the owner
   */
  Future<Void> connect() {
    if (connected && server.nanoTime() - connectedAt < SHORT_LIFE_NS) {
      dropClient();
      connectLater(LAST_BACKOFF_MS);
      return Future.succeededFuture();
    }
    Promise<Void> outcome = Promise.promise();
    context.runNow(() -> attempt().onComplete(outcome));
    return outcome.future();
  }

  /** The same, some time from now; 0: at once. */
  void connectIn(long milliseconds) {
    dropClient();
    if (milliseconds == 0) {
      context.runNow(this::attempt);
    } else {
      context.later(milliseconds, now -> attempt());
    }
  }

  private Future<Void> attempt() {
    dropClient();
    if (closed) {
      return Future.succeededFuture();
    }
    if (!server.permitsAttempt()) {
      connectLater(LAST_BACKOFF_MS);
      return Future.succeededFuture();
    }
    Address address = server.address();
    List<Request> greeting = new ArrayList<>(address.introduction());
    greeting.addAll(owner.greeting());
    Redis attempt = server.newClient(context.vertx(), address, negotiates);
    client = attempt;
    long begun = server.nanoTime();
    return attempt
        .connect()
        .compose(fresh -> fresh.batch(greeting).map(fresh))
        .timeout(server.deadlines().redisConnect().toMillis(), TimeUnit.MILLISECONDS)
        .onSuccess(connection -> succeed(connection, server.nanoTime() - begun))
        .onFailure(this::fail)
        .mapEmpty();
  }

  /** Closes the last connection and makes no other. */
  void close() {
    closed = true;
    dropClient();
  }

  /** A connection was lost by no fault of its own; to be told, and told again when there is one. */
  void lost(String reason) {
    notice.begin("Connection to Redis lost (" + name + "): " + reason);
  }

  /** What an exception says, in one line. */
  static String reason(Throwable failure) {
    return RedisErrors.plain(String.valueOf(failure.getMessage()));
  }

  private void succeed(RedisConnection connection, long nanos) {
    server.greeted(nanos);
    if (!connected || server.nanoTime() - connectedAt >= SHORT_LIFE_NS) {
      backoffMs = FIRST_BACKOFF_MS;
    }
    connected = true;
    connectedAt = server.nanoTime();
    server.refusals().ended(place());
    notice.end("Connected to Redis again (" + name + ")");
    if (!closed) {
      owner.connected(connection);
    }
  }

  private void fail(Throwable failure) {
    String reason = reason(failure);
    server.failedToConnect(reason);
    owner.notConnected(reason);
    if (!closed) {
      tell(reason);
      // One who may not even PING before he has said who he is says it in HELLO, and vice versa.
      negotiates = !negotiates && RedisErrors.refusal(reason).isPresent();
      connectLater(server.isAnyUp() ? LAST_BACKOFF_BESIDE_OTHERS_MS : LAST_BACKOFF_MS);
    }
  }

  private void tell(String reason) {
    Optional<String> refusal = RedisErrors.refusal(reason);
    if (refusal.isPresent()) {
      server.refusals().begun(place(), refusal.get());
    } else if (server.isAnyUp()) {
      notice.begin("No connection to Redis (" + name + "), trying on: " + reason);
    } else {
      server.noticeAway(reason);
    }
  }

  private String place() {
    return "a connection (" + name + ")";
  }

  private void connectLater(long lastMs) {
    long wait = backoffMs / 2 + jitter.nextLong(backoffMs / 2 + 1);
    backoffMs = Math.min(2 * backoffMs, lastMs);
    context.later(wait, now -> attempt());
  }

  private void dropClient() {
    Redis last = client;
    client = null;
    if (last != null) {
      last.close().onFailure(failure -> LOG.debug("A client did not close: {}", reason(failure)));
    }
  }
}
