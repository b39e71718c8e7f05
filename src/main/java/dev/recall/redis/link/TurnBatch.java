package dev.recall.redis.link;

import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What one turn of an event loop wants of Redis, gathered so that it leaves in one write: reads as
 * a batch, which may be sent twice, and writes as one transaction, inside which each keeps its
 * error. Where the transaction as a whole is refused nothing has run, and each write is sent again
 * on its own, so that nobody gets another's refusal.
 */
final class TurnBatch {

  private static final Request MULTI = Request.cmd(Command.MULTI);
  private static final Request EXEC = Request.cmd(Command.EXEC);

  private final List<CommandGroup> reads = new ArrayList<>();
  private final List<CommandGroup> writes = new ArrayList<>();
  private final long begun;
  private long timer;
  private boolean sent;

  TurnBatch(long begun) {
    this.begun = begun;
  }

  void add(CommandGroup group) {
    (group.kind() == CommandGroup.Kind.READ ? reads : writes).add(group);
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

  /** What is not settled yet, in the order it was asked for, reads first. */
  List<CommandGroup> unsettled() {
    return Stream.of(reads, writes)
        .flatMap(List::stream)
        .filter(group -> !group.isSettled())
        .toList();
  }

  /**
   * Sends everything; the future fails where the connection was lost before all was answered.
   *
   * @param way whether transactions are to be had, as far as is known of the connection
   */
  Future<Void> sendOn(RedisConnection connection, Way way) {
    sent = true;
    if (writes.isEmpty()) {
      return sendReads(connection);
    }
    if (reads.isEmpty()) {
      return sendWrites(connection, way);
    }
    return Future.join(sendReads(connection), sendWrites(connection, way)).mapEmpty();
  }

  private Future<Void> sendReads(RedisConnection connection) {
    return connection
        .batch(commands(reads))
        .transform(
            (replies, failure) -> {
              if (failure == null) {
                distribute(replies.iterator(), reads);
                return Future.succeededFuture();
              }
              if (RedisErrors.isLostConnection(failure)) {
                return Future.failedFuture(failure);
              }
              // One error reply fails a whole batch and hides the others' replies.
              return each(reads, group -> sendPlainly(connection, group));
            });
  }

  private Future<Void> sendWrites(RedisConnection connection, Way way) {
    if (way.isOneByOne()) {
      return each(writes, group -> sendAlone(connection, group, way));
    }
    return connection
        .batch(inTransaction(commands(writes)))
        .transform(
            (replies, failure) -> {
              if (failure == null) {
                distribute(replies.get(replies.size() - 1).iterator(), writes);
                return Future.succeededFuture();
              }
              if (RedisErrors.isLostConnection(failure)) {
                return Future.failedFuture(failure);
              }
              way.refused(failure);
              if (RedisErrors.isOfFirst(failure.toString())) {
                // Without MULTI each was done at once, and its reply is lost in the batch.
                writes.forEach(group -> group.fail(true, "Redis refuses transactions"));
                return Future.succeededFuture();
              }
              return sendOthers(connection, RedisErrors.gathered(failure.toString()), way);
            });
  }

  /** Settles who was refused himself; nobody's write has run, and those of the others still may. */
  private Future<Void> sendOthers(
      RedisConnection connection, Map<Integer, String> errors, Way way) {
    List<CommandGroup> others = new ArrayList<>();
    int place = 1; // after MULTI
    for (CommandGroup group : writes) {
      int end = place + group.commands().size();
      Optional<Integer> culprit =
          IntStream.range(place, end).boxed().filter(errors::containsKey).findFirst();
      if (culprit.isPresent() && group.kind() == CommandGroup.Kind.WRITE) {
        group.settle(refused(group, culprit.get() - place, errors.getOrDefault(culprit.get(), "")));
      } else {
        others.add(group);
      }
      place = end;
    }
    return each(others, group -> sendAlone(connection, group, way));
  }

  /** Sends a write by itself: in a transaction of its own only where it has several commands. */
  private static Future<Void> sendAlone(RedisConnection connection, CommandGroup group, Way way) {
    if (group.commands().size() == 1) {
      return sendPlainly(connection, group);
    }
    if (way.refusalOfTransactions() != null) {
      settleAll(group, way.refusalOfTransactions());
      return Future.succeededFuture();
    }
    List<Future<Response>> all = sendEach(connection, inTransaction(group.commands()));
    return Future.join(all)
        .onSuccess(
            done -> {
              List<Response> replies = all.stream().map(Future::result).toList();
              if (RedisErrors.isError(replies.get(0))) {
                way.avoidTransactions(RedisErrors.reply(replies.get(0).toString()));
                group.fail(true, "Redis refuses transactions");
                return;
              }
              Response executed = replies.get(replies.size() - 1);
              if (RedisErrors.isError(executed)) {
                int culprit = firstError(replies.subList(1, replies.size()));
                String why = replies.get(culprit + 1).toString();
                group.settle(refused(group, culprit % group.commands().size(), why));
              } else {
                distribute(executed.iterator(), List.of(group));
              }
            })
        .mapEmpty();
  }

  private static Future<Void> sendPlainly(RedisConnection connection, CommandGroup group) {
    return Future.join(sendEach(connection, group.commands()))
        .onSuccess(replied -> distribute(replied.<Response>list().iterator(), List.of(group)))
        .mapEmpty();
  }

  /** The replies, errors among them. */
  private static List<Future<Response>> sendEach(RedisConnection to, List<Request> commands) {
    return commands.stream()
        .map(command -> to.send(command).recover(TurnBatch::errorAsReply))
        .toList();
  }

  private static Future<Void> each(
      List<CommandGroup> groups, Function<CommandGroup, Future<Void>> send) {
    return Future.join(groups.stream().map(send).toList()).mapEmpty();
  }

  private static List<Request> inTransaction(List<Request> commands) {
    List<Request> all = new ArrayList<>(commands.size() + 2);
    all.add(MULTI);
    all.addAll(commands);
    all.add(EXEC);
    return all;
  }

  private static Future<Response> errorAsReply(Throwable failure) {
    return RedisErrors.isLostConnection(failure)
        ? Future.failedFuture(failure)
        : Future.succeededFuture(RedisErrors.reply(failure));
  }

  /** The replies where a command was refused in a transaction: none of the others has run. */
  private static List<Response> refused(CommandGroup group, int culprit, String why) {
    Response others = RedisErrors.reply(RedisErrors.abortedBy(why));
    List<Response> all = new ArrayList<>(Collections.nCopies(group.commands().size(), others));
    all.set(culprit, RedisErrors.reply(why));
    return all;
  }

  private static int firstError(List<Response> replies) {
    int place = 0;
    while (!RedisErrors.isError(replies.get(place))) {
      place++;
    }
    return place;
  }

  private static void settleAll(CommandGroup group, Response reply) {
    group.settle(Collections.nCopies(group.commands().size(), reply));
  }

  private static void distribute(Iterator<Response> replies, List<CommandGroup> groups) {
    for (CommandGroup group : groups) {
      List<Response> own = new ArrayList<>(group.commands().size());
      for (int i = 0; i < group.commands().size(); i++) {
        own.add(replies.next());
      }
      group.settle(own);
    }
  }

  private static List<Request> commands(List<CommandGroup> groups) {
    List<Request> commands = new ArrayList<>(groups.size());
    groups.forEach(group -> commands.addAll(group.commands()));
    return commands;
  }
}
