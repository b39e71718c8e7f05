package dev.recall.redis.link;

import dev.recall.config.BadSettings;
import dev.recall.failure.Failure;
import dev.recall.loop.OwnContext;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The one connection to Redis that an event loop holds, for all its verticles: it pipelines what
 * each {@link TurnBatch} of the loop sends, gives every turn a deadline, and connects anew, by
 * itself, whenever it is lost. What finds it lost goes over another loop's connection.
 *
 * <p>A connection that missed a deadline is closed with everything in flight on it, so that a late
 * reply can never be taken for the answer to another command. Used on its loop only, but for what
 * says otherwise.
 */
final class HeldConnection implements Connector.Owner {

  private static final long RENEWAL_MS = 1_000;

  private final OwnContext context;
  private final RedisServer server;
  private final Connector connector;
  private final Promise<Void> opened = Promise.promise();

  private final Set<TurnBatch> unsettled = new LinkedHashSet<>();
  private @Nullable TurnBatch gathering;
  private @Nullable RedisConnection greeted;
  private volatile @Nullable RedisConnection connection;
  private Way way = new Way();
  private int users;
  private boolean renewing;
  private boolean closed;

  /** A connection for the event loop of a context that belongs to no verticle. */
  HeldConnection(OwnContext context, RedisServer server, String name) {
    this.context = context;
    this.server = server;
    this.connector = new Connector(context, server, name, server.random(), this);
  }

  /**
   * Tries to connect once, for its first user, and goes on trying afterwards if Redis is away.
   *
   * @return completed after the first attempt; failed with {@link BadSettings} only where the
   *     server refuses who we are, or the database we name
   */
  Future<Void> open() {
    if (users++ == 0) {
      connector
          .connect()
          .onFailure(opened::tryFail)
          .onSuccess(
              attempted -> {
                if (greeted == null) {
                  opened.tryComplete(); // no attempt was permitted
                }
              });
    }
    return opened
        .future()
        .recover(
            failure -> {
              String reason = Connector.reason(failure);
              return RedisErrors.refusesUs(reason)
                  ? Future.failedFuture(new BadSettings("redis.url: the server answers " + reason))
                  : Future.succeededFuture();
            });
  }

  /** Whether it is up, as far as is known; asked on any thread. */
  boolean isUp() {
    return connection != null;
  }

  /** Sends commands with all others of this turn; the replies have errors among them. */
  Future<List<Response>> send(CommandGroup.Kind kind, List<Request> commands) {
    assert context.eventLoop().inEventLoop() : "Redis was asked on another event loop";
    if (closed || !server.isBelievedUp()) {
      return Future.failedFuture(Failure.REDIS_UNAVAILABLE.because(server.whyNot()));
    }
    CommandGroup group = group(kind, commands);
    if (connection == null) {
      lend(List.of(group));
    } else {
      gather(group);
    }
    return group.replies();
  }

  /** Sends a command over this connection or none, to prove it; asked on any thread. */
  Future<Response> prove(Request command) {
    CommandGroup group = group(CommandGroup.Kind.READ, List.of(command)).only();
    context.run(() -> gather(group));
    return group.replies().map(replies -> replies.get(0));
  }

  /**
   * Connects anew in a second, to whatever server has the name by then: this one still answers, but
   * not as a master. What is in flight at that moment is lost.
   */
  void renew() {
    if (!renewing) {
      renewing = true;
      context.later(
          RENEWAL_MS,
          now -> {
            renewing = false;
            if (connection != null) {
              replace("Redis was not the master");
            }
          });
    }
  }

  /** One user less; without any, what is in flight fails, and it connects no more. */
  void close() {
    if (--users == 0) {
      closed = true;
      greeted = null;
      connection = null;
      server.connections().forget(this);
      connector.close();
      drain().forEach(turn -> fail(turn, turn.unsettled(), "this node is stopping"));
    }
  }

  private CommandGroup group(CommandGroup.Kind kind, List<Request> commands) {
    return new CommandGroup(kind, commands, OwnContext.promise(context.vertx()), server.refusals());
  }

  private void gather(CommandGroup group) {
    TurnBatch turn = gathering;
    if (turn == null) {
      turn = new TurnBatch(server.nanoTime());
      gathering = turn;
      TurnBatch begun = turn;
      context.run(() -> dispatch(begun));
    }
    turn.add(group);
  }

  /** Has others send what this one cannot; where there is none, it waits for this one. */
  private void lend(List<CommandGroup> groups) {
    HeldConnection other = server.connections().anyUpBut(this);
    if (other == null) {
      groups.forEach(this::gather);
    } else {
      other.context.run(() -> groups.forEach(other::gather));
    }
  }

  private void dispatch(TurnBatch turn) {
    gathering = null;
    if (closed) {
      fail(turn, turn.unsettled(), "this node is stopping");
      return;
    }
    unsettled.add(turn);
    turn.expireWith(
        context.later(server.deadlines().redisTurn().toMillis(), expired -> expire(turn)));
    RedisConnection now = connection;
    if (now != null) {
      send(turn, now);
    }
  }

  private void send(TurnBatch turn, RedisConnection on) {
    // A failure means that the connection is lost, which its handlers tell.
    turn.sendOn(on, way).onSuccess(answered -> settled(turn));
  }

  private void settled(TurnBatch turn) {
    if (unsettled.remove(turn)) {
      context.cancel(turn.timer());
      server.answered(server.nanoTime() - turn.begun());
    }
  }

  private void expire(TurnBatch turn) {
    String reason =
        "Redis did not answer within " + server.deadlines().redisTurn().toMillis() + " ms";
    if (turn.isSent()) {
      if (connection != null) {
        connector.lost(reason);
        server.missedDeadline(turn.begun(), reason);
        replace(reason);
      }
    } else if (unsettled.remove(turn)) {
      // The attempt to connect that it waited for tells the breaker of its own outcome.
      fail(turn, turn.unsettled(), reason);
    }
  }

  private void replace(String reason) {
    greeted = null;
    connection = null;
    opened.tryComplete();
    sendAgainOrFail(reason);
    if (!closed) {
      connector.connect();
    }
  }

  /** What may be sent again goes over another connection, or over the next one of this loop. */
  private void sendAgainOrFail(String reason) {
    List<CommandGroup> again = new ArrayList<>();
    for (TurnBatch turn : drain()) {
      List<CommandGroup> lost = new ArrayList<>();
      for (CommandGroup group : turn.unsettled()) {
        (!turn.isSent() || group.sendAgain() ? again : lost).add(group);
      }
      fail(turn, lost, reason);
    }
    lend(again);
  }

  private List<TurnBatch> drain() {
    List<TurnBatch> all = new ArrayList<>(unsettled);
    unsettled.clear();
    all.forEach(turn -> context.cancel(turn.timer()));
    return all;
  }

  private static void fail(TurnBatch turn, List<CommandGroup> groups, String reason) {
    groups.forEach(group -> group.fail(turn.isSent(), reason));
  }

  @Override
  public List<Request> greeting() {
    return List.of(Request.cmd(Command.PING));
  }

  @Override
  public void connected(RedisConnection fresh) {
    fresh.exceptionHandler(failure -> ended(fresh));
    fresh.endHandler(end -> ended(fresh));
    way = new Way();
    greeted = fresh;
    fresh
        .batch(List.of(Request.cmd(Command.MULTI), Request.cmd(Command.EXEC)))
        .timeout(server.deadlines().redisTurn().toMillis(), TimeUnit.MILLISECONDS)
        .onComplete((done, refusal) -> serveOver(fresh, refusal));
  }

  private void serveOver(RedisConnection fresh, @Nullable Throwable noTransactions) {
    if (fresh != greeted) {
      return;
    }
    if (noTransactions == null) {
      server.refusals().ended("MULTI");
    } else {
      String reason = Connector.reason(noTransactions);
      Optional<String> code = RedisErrors.refusal(reason);
      if (code.isEmpty()) {
        ended(fresh);
        return;
      }
      way.avoidTransactions(RedisErrors.reply(reason));
      server.refusals().begun("MULTI", code.get());
    }
    connection = fresh;
    opened.tryComplete();
    for (TurnBatch waiting : List.copyOf(unsettled)) {
      send(waiting, fresh);
    }
  }

  @Override
  public void notConnected(String reason) {
    if (server.connections().anyUpBut(this) != null) {
      sendAgainOrFail(reason);
    } else {
      String why = RedisErrors.meaningOr(reason, "Redis cannot be reached");
      drain().forEach(turn -> fail(turn, turn.unsettled(), why));
    }
  }

  private void ended(RedisConnection which) {
    if (which != greeted) {
      return;
    }
    String reason = "Redis closed the connection";
    unsettled.stream()
        .filter(TurnBatch::isSent)
        .findFirst()
        .ifPresent(
            turn -> {
              connector.lost(reason);
              server.missedDeadline(turn.begun(), reason);
            });
    replace(reason);
  }
}
