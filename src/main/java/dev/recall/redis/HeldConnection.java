package dev.recall.redis;

import dev.recall.bus.Failure;
import dev.recall.config.BadSettings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
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
final class HeldConnection implements Connector.Owner {

  /** Longest wait for the replies to a turn, connecting included. */
  static final Duration DEADLINE = Duration.ofMillis(250);

  private static final Logger LOG = LoggerFactory.getLogger(HeldConnection.class);
  private static final long RENEWAL_MS = 1_000;

  private final Vertx vertx;
  private final ContextInternal context;
  private final RedisServer server;
  private final Connector connector;

  private final Set<Turn> unsettled = new LinkedHashSet<>();
  private @Nullable Turn gathering;
  private @Nullable RedisConnection connection;
  private boolean renewing;
  private boolean closed;

  HeldConnection(Vertx vertx, RedisServer server, RandomGenerator jitter) {
    this.vertx = vertx;
    this.context = ((VertxInternal) vertx).getOrCreateContext();
    this.server = server;
    this.connector = new Connector(vertx, server, jitter, this);
  }

  /**
   * Tries to connect once, and goes on trying afterwards if Redis is away.
   *
   * @return completed after the first attempt; failed with {@link BadSettings} only where the
   *     server refuses who we are, or the database we name
   */
  Future<Void> open() {
    return connector
        .connect()
        .recover(
            failure -> {
              String reason = Connector.reason(failure);
              return RedisErrors.refusesUs(reason)
                  ? Future.failedFuture(new BadSettings("redis.url: the server answers " + reason))
                  : Future.succeededFuture();
            });
  }

  /** Sends commands with all others of this turn; the replies have errors among them. */
  Future<List<Response>> send(Unit.Kind kind, List<Request> commands) {
    assert context.nettyEventLoop().inEventLoop() : "Redis was asked on another event loop";
    if (closed || !server.isBelievedUp()) {
      return Future.failedFuture(
          Failure.REDIS_UNAVAILABLE.because("Redis has not answered; it is tried again shortly"));
    }
    Turn turn = gathering;
    if (turn == null) {
      turn = new Turn(System.nanoTime());
      gathering = turn;
      Turn begun = turn;
      vertx.runOnContext(endOfTurn -> dispatch(begun));
    }
    Unit unit = new Unit(kind, commands, context.promise());
    turn.add(unit);
    return unit.replies().future();
  }

  /**
   * Connects anew in a second, to whatever server has the name by then: this one still answers, but
   * not as a master. What is in flight at that moment is lost.
   */
  void renew() {
    if (!renewing) {
      renewing = true;
      vertx.setTimer(
          RENEWAL_MS,
          now -> {
            renewing = false;
            if (connection != null) {
              replace("Redis was not the master");
            }
          });
    }
  }

  /** Fails what is in flight and connects no more. */
  void close() {
    closed = true;
    connection = null;
    connector.close();
    giveUp("this node is stopping");
  }

  private void dispatch(Turn turn) {
    gathering = null;
    if (closed) {
      turn.fail("this node is stopping");
      return;
    }
    unsettled.add(turn);
    turn.expireWith(vertx.setTimer(DEADLINE.toMillis(), expired -> expire(turn)));
    if (connection != null) {
      send(turn, connection);
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
      // The attempt to connect that it waited for tells the breaker of its own outcome.
      turn.fail(reason);
    }
  }

  private void lose(String reason) {
    if (connection == null) {
      return;
    }
    LOG.warn("Connection to Redis lost: {}", reason);
    server.failedToAnswer(reason);
    replace(reason);
  }

  private void replace(String reason) {
    connection = null;
    giveUp(reason);
    if (!closed) {
      connector.connect();
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

  @Override
  public List<Request> greeting() {
    List<Request> greeting = new ArrayList<>();
    greeting.add(Request.cmd(Command.PING));
    for (Script script : Script.values()) {
      greeting.add(Request.cmd(Command.SCRIPT).arg("LOAD").arg(script.source()));
    }
    return greeting;
  }

  @Override
  public void connected(RedisConnection fresh) {
    fresh.exceptionHandler(failure -> ended(fresh));
    fresh.endHandler(end -> ended(fresh));
    connection = fresh;
    for (Turn waiting : List.copyOf(unsettled)) {
      send(waiting, fresh);
    }
  }

  @Override
  public void notConnected(String reason) {
    giveUp("Redis cannot be reached");
  }

  private void ended(RedisConnection which) {
    if (which == connection) {
      lose("Redis closed the connection");
    }
  }
}
