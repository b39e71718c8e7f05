package dev.recall.redis;

import dev.recall.bus.Failure;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.impl.types.ErrorType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;

/**
 * What one turn of an event loop wants of Redis, gathered so that it leaves in one write: reads as
 * a batch, which may be sent twice, and writes as one transaction, inside which each keeps its
 * error.
 */
final class Turn {

  private static final Request MULTI = Request.cmd(Command.MULTI);
  private static final Request EXEC = Request.cmd(Command.EXEC);

  private final List<Unit> reads = new ArrayList<>();

  private final List<Unit> writes = new ArrayList<>();
  private final long begun;
  private long timer;
  private boolean sent;

  Turn(long begun) {
    this.begun = begun;
  }

  void add(Unit unit) {
    (unit.kind() == Unit.Kind.READ ? reads : writes).add(unit);
  }

  long begun() {
    return begun;
  }

  /** The timer that ends the wait for this turn. */
  long timer() {
    return timer;
  }

  void expireWith(long timer) {
    this.timer = timer;
  }

  boolean isSent() {
    return sent;
  }

  /** Sends everything; the future fails where the connection was lost before all was answered. */
  Future<Void> sendOn(RedisConnection connection) {
    sent = true;
    if (writes.isEmpty()) {
      return sendReads(connection);
    }
    if (reads.isEmpty()) {
      return sendWrites(connection);
    }
    return Future.join(sendReads(connection), sendWrites(connection)).mapEmpty();
  }

  /** Fails everything that is not settled yet. */
  void fail(String reason) {
    for (Unit unit : reads) {
      unit.fail(failure(unit).because(reason));
    }
    for (Unit unit : writes) {
      unit.fail(failure(unit).because(reason));
    }
  }

  private Failure failure(Unit unit) {
    return sent && unit.kind() != Unit.Kind.READ
        ? Failure.OUTCOME_UNKNOWN
        : Failure.REDIS_UNAVAILABLE;
  }

  private Future<Void> sendReads(RedisConnection connection) {
    return connection
        .batch(commands(reads))
        .transform(
            (replies, failure) -> {
              if (failure != null) {
                // One error reply fails a whole batch and hides the others' replies.
                return sendSingly(connection, reads);
              }
              distribute(replies.iterator(), reads);
              return Future.succeededFuture();
            });
  }

  private static Future<Void> sendSingly(RedisConnection connection, List<Unit> units) {
    List<Future<Response>> all = new ArrayList<>();
    for (Request command : commands(units)) {
      all.add(connection.send(command).recover(Turn::errorAsReply));
    }
    return Future.join(all)
        .onSuccess(replied -> distribute(replied.<Response>list().iterator(), units))
        .mapEmpty();
  }

  private static Future<Response> errorAsReply(Throwable failure) {
    return failure instanceof ErrorType reply && !RedisErrors.isLostConnection(reply.toString())
        ? Future.succeededFuture(reply)
        : Future.failedFuture(failure);
  }

  private Future<Void> sendWrites(RedisConnection connection) {
    List<Request> transaction = new ArrayList<>();
    transaction.add(MULTI);
    transaction.addAll(commands(writes));
    transaction.add(EXEC);
    return connection
        .batch(transaction)
        .compose(
            replies -> {
              distribute(replies.get(replies.size() - 1).iterator(), writes);
              return Future.succeededFuture();
            },
            failure -> {
              String error = String.valueOf(failure.getMessage());
              if (!RedisErrors.isAborted(error)) {
                return Future.failedFuture(failure);
              }
              // Refused before anything ran: a full memory, a replica, data being loaded.
              return sendSingly(connection, refused(ErrorType.create(RedisErrors.plain(error))));
            });
  }

  /** Settles the writes that need memory; the others are still to be sent. */
  private List<Unit> refused(Response refusal) {
    List<Unit> others = new ArrayList<>();
    for (Unit unit : writes) {
      if (unit.kind() == Unit.Kind.REMOVE) {
        others.add(unit);
      } else {
        unit.settle(Collections.nCopies(unit.commands().size(), refusal));
      }
    }
    return others;
  }

  private static void distribute(Iterator<Response> replies, List<Unit> units) {
    for (Unit unit : units) {
      List<Response> own = new ArrayList<>(unit.commands().size());
      for (int i = 0; i < unit.commands().size(); i++) {
        own.add(replies.next());
      }
      unit.settle(own);
    }
  }

  private static List<Request> commands(List<Unit> units) {
    List<Request> commands = new ArrayList<>(units.size());
    units.forEach(unit -> commands.addAll(unit.commands()));
    return commands;
  }
}
