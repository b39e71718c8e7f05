package dev.recall.redis;

import dev.recall.bus.Failure;
import dev.recall.config.BadSettings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to Redis, held by one event loop: it pipelines what each {@link Turn} of the loop
 * sends, gives every turn a deadline, and connects anew, by itself, whenever it is lost.
 *
 * <p>A connection that missed a deadline is closed with everything in flight on it, so that a late
 * reply can never be taken for the answer to another command. Used on its context only.
 */
final class HeldConnection {

  /** Longest wait for the replies to a turn, connecting included. */
  static final Duration DEADLINE = Duration.ofMillis(250);

  /** Longest wait for a connection that has said hello. */
  static final Duration CONNECT_DEADLINE = Duration.ofMillis(500);

  private static final Logger LOG = LoggerFactory.getLogger(HeldConnection.class);
  private static final long FIRST_BACKOFF_MS = 25;
  private static final long LAST_BACKOFF_MS = 400;

  private final Vertx vertx;
  private final RedisServer server;
  private final RandomGenerator jitter;

  private final Set<Turn> unsettled = new LinkedHashSet<>();
  private @Nullable Turn gathering;
  private @Nullable Redis client;
  private @Nullable RedisConnection connection;
  private long backoffMs = FIRST_BACKOFF_MS;
  private boolean closed;

  HeldConnection(Vertx vertx, RedisServer server, RandomGenerator jitter) {
    this.vertx = vertx;
    this.server = server;
    this.jitter = jitter;
  }

  /**
   * Tries to connect once, and goes on trying afterwards if Redis is away.
   *
   * @return completed after the first attempt; failed with {@link BadSettings} only where the
   *     server refuses the credentials
   */
  Future<Void> open() {
    return connect()
        .recover(
            failure -> {
              String reason = RedisErrors.plain(String.valueOf(failure.getMessage()));
              return RedisErrors.refusesCredentials(reason)
                  ? Future.failedFuture(new BadSettings("redis.url: the server answers " + reason))
                  : Future.succeededFuture();
            });
  }

  /** Sends a command that changes nothing and may therefore be sent twice. */
  Future<Response> read(Request command) {
    return gather(Turn::addRead, new Unit(command)).map(replies -> replies.get(0));
  }

  /** Sends commands that Redis executes together; if some fail, the others still take effect. */
  Future<List<Response>> write(Request... commands) {
    return gather(Turn::addWrite, new Unit(commands));
  }

  /** Gives up this connection for a new one, to the same name. */
  void reconnect(String reason) {
    lose(reason);
  }

  Future<Void> close() {
    closed = true;
    Redis last = client;
    lose("this node is stopping");
    return last == null ? Future.succeededFuture() : last.close();
  }

  private Future<List<Response>> gather(BiConsumer<Turn, Unit> add, Unit unit) {
    if (closed || !server.isBelievedUp()) {
      return Future.failedFuture(
          Failure.REDIS_UNAVAILABLE.because("Redis has not answered; it is tried again shortly"));
    }
    Turn turn = gathering;
    if (turn == null) {
      turn = new Turn(System.nanoTime());
      gathering = turn;
      vertx.runOnContext(endOfTurn -> dispatch());
    }
    add.accept(turn, unit);
    return unit.replies().future();
  }

  private void dispatch() {
    Turn turn = gathering;
    gathering = null;
    if (turn != null) {
      unsettled.add(turn);
      turn.expireWith(vertx.setTimer(DEADLINE.toMillis(), expired -> expire(turn)));
      if (connection != null) {
        send(turn, connection);
      }
    }
  }

  private void send(Turn turn, RedisConnection on) {
    turn.sendOn(on).onComplete((answered, failure) -> settled(turn, failure));
  }

  private void settled(Turn turn, @Nullable Throwable failure) {
    if (!unsettled.contains(turn)) {
      return; // given up already, and its connection with it
    }
    if (failure != null) {
      lose("the connection to Redis broke");
      return;
    }
    unsettled.remove(turn);
    vertx.cancelTimer(turn.timer());
    server.answered(System.nanoTime() - turn.begun());
  }

  private void expire(Turn turn) {
    String reason = "Redis did not answer within " + DEADLINE.toMillis() + " ms";
    if (turn.isSent()) {
      lose(reason);
    } else if (unsettled.remove(turn)) {
      turn.fail(reason);
      server.failedToAnswer(reason);
    }
  }

  private void lose(String reason) {
    Redis lost = client;
    if (connection == null || lost == null) {
      return;
    }
    client = null;
    connection = null;
    lost.close().onFailure(failure -> LOG.debug("Closing a lost connection", failure));
    giveUp(reason);
    if (!closed) {
      LOG.warn("Connection to Redis lost: {}", reason);
      server.failedToAnswer(reason);
      connect();
    }
  }

  private void giveUp(String reason) {
    List<Turn> all = new ArrayList<>(unsettled);
    unsettled.clear();
    for (Turn turn : all) {
      vertx.cancelTimer(turn.timer());
      turn.fail(reason);
    }
  }

  private Future<Void> connect() {
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
        .compose(HeldConnection::greet)
        .timeout(CONNECT_DEADLINE.toMillis(), TimeUnit.MILLISECONDS)
        .onSuccess(ready -> connected(attempt, ready, System.nanoTime() - begun))
        .onFailure(failure -> notConnected(attempt, failure))
        .mapEmpty();
  }

  private static Future<RedisConnection> greet(RedisConnection fresh) {
    List<Request> greeting = new ArrayList<>();
    greeting.add(Request.cmd(Command.PING));
    for (Script script : Script.values()) {
      greeting.add(Request.cmd(Command.SCRIPT).arg("LOAD").arg(script.source()));
    }
    return fresh.batch(greeting).map(fresh);
  }

  private void connected(Redis attempt, RedisConnection ready, long nanos) {
    server.answered(nanos);
    if (closed) {
      attempt.close();
      return;
    }
    ready.exceptionHandler(failure -> ended(ready));
    ready.endHandler(end -> ended(ready));
    connection = ready;
    backoffMs = FIRST_BACKOFF_MS;
    for (Turn waiting : List.copyOf(unsettled)) {
      send(waiting, ready);
    }
  }

  private void ended(RedisConnection which) {
    if (which == connection) {
      lose("Redis closed the connection");
    }
  }

  private void notConnected(Redis attempt, Throwable failure) {
    attempt.close().onFailure(further -> LOG.debug("Closing a failed attempt", further));
    client = null;
    server.failedToAnswer(String.valueOf(failure.getMessage()));
    giveUp("Redis cannot be reached");
    if (backoffMs == FIRST_BACKOFF_MS) {
      LOG.warn("No connection to Redis, trying on: {}", String.valueOf(failure.getMessage()));
    }
    connectLater();
  }

  private void connectLater() {
    long wait = backoffMs / 2 + jitter.nextLong(backoffMs / 2 + 1);
    backoffMs = Math.min(2 * backoffMs, LAST_BACKOFF_MS);
    vertx.setTimer(wait, now -> connect());
  }
}
