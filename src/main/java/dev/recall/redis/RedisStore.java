package dev.recall.redis;

import dev.recall.bus.Failure;
import dev.recall.bus.FailureException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * What a verticle asks of Redis, over the one connection its event loop holds. Every answer comes
 * within 250 ms and fails with a {@link FailureException}: {@link Failure#REDIS_UNAVAILABLE} where
 * nothing was changed, {@link Failure#OUTCOME_UNKNOWN} where a write may have happened.
 */
public final class RedisStore {

  private final HeldConnection connection;

  /** A store for the verticle whose context is current, not connected yet. */
  public RedisStore(Vertx vertx, RedisServer server) {
    connection = new HeldConnection(vertx, server, new SplittableRandom());
  }

  /**
   * Connects; a server that is away is awaited afterwards.
   *
   * @return failed with {@link dev.recall.config.BadSettings} where the server refuses who we are,
   *     or the database we name
   */
  public Future<Void> open() {
    return connection.open();
  }

  /** The string at a key, if there is one; another type is {@link Failure#WRONG_TYPE}. */
  public Future<Optional<String>> get(String key) {
    return connection
        .read(Request.cmd(Command.GET).arg(key))
        .map(reply -> Optional.ofNullable(checked(reply)).map(Response::toString));
  }

  /** Replaces whatever is at a key by a string that lives for the TTL, at least 1 ms. */
  public Future<Void> set(String key, String value, Duration ttl) {
    return connection
        .write(Request.cmd(Command.SET).arg(key).arg(value).arg("PX").arg(ttl.toMillis()))
        .map(replies -> checked(replies.get(0)))
        .mapEmpty();
  }

  /** Writes a string that lives for ever and answers what is read back, with nothing between. */
  public Future<String> setThenGet(String key, String value) {
    return connection
        .write(Request.cmd(Command.SET).arg(key).arg(value), Request.cmd(Command.GET).arg(key))
        .map(
            replies -> {
              checked(replies.get(0));
              return checked(replies.get(1)).toString();
            });
  }

  /**
   * Adds to the integer at a key, 0 where there is none, and gives the key the TTL.
   *
   * @return the sum; {@link Failure#WRONG_TYPE} or {@link Failure#COUNTER_OVERFLOW} where the key
   *     was left as it was
   */
  public Future<Long> add(String key, long by, Duration ttl) {
    return run(Script.COUNTER_ADD, key, Long.toString(by), Long.toString(ttl.toMillis()))
        .map(Response::toLong);
  }

  /** Whether Redis answers. */
  public Future<Void> ping() {
    return connection.read(Request.cmd(Command.PING)).map(this::checked).mapEmpty();
  }

  /** Closes the connection; what is in flight fails. */
  public void close() {
    connection.close();
  }

  private Future<Response> run(Script script, String key, String... arguments) {
    return connection
        .write(request(Command.EVALSHA, script.sha1(), key, arguments))
        .compose(
            replies ->
                isUnknownScript(replies.get(0))
                    ? connection.write(request(Command.EVAL, script.source(), key, arguments))
                    : Future.succeededFuture(replies))
        .map(replies -> checked(replies.get(0)));
  }

  private static Request request(Command eval, String script, String key, String... arguments) {
    Request request = Request.cmd(eval).arg(script).arg(1).arg(key);
    for (String argument : arguments) {
      request.arg(argument);
    }
    return request;
  }

  private static boolean isUnknownScript(Response reply) {
    return isError(reply) && RedisErrors.isUnknownScript(reply.toString());
  }

  private Response checked(Response reply) {
    if (isError(reply)) {
      String error = reply.toString();
      if (RedisErrors.isReadOnly(error)) {
        connection.renew();
      }
      throw RedisErrors.asFailure(error);
    }
    return reply;
  }

  private static boolean isError(Response reply) {
    return reply != null && reply.type() == ResponseType.ERROR;
  }
}
