package dev.recall.redis.link;

import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What a verticle asks of Redis, over the one connection its event loop holds, or, while that is
 * lost, over another loop's. Every answer comes within 250 ms (twice that, where a connection was
 * lost or a script has to be sent again) and fails with a {@link FailureException}: {@link
 * Failure#REDIS_UNAVAILABLE} where nothing was changed, {@link Failure#OUTCOME_UNKNOWN} where a
 * write may have happened.
 */
public final class RedisStore {

  /** How long a script goes by its text, once its hash was refused. */
  private static final long BY_TEXT_NS = TimeUnit.SECONDS.toNanos(30);

  private final RedisServer server;
  private final HeldConnection connection;
  private boolean byText;
  private long byTextSince;

  /** A store for the verticle whose context is current, not connected yet. */
  public RedisStore(Vertx vertx, RedisServer server) {
    this.server = server;
    connection = server.connections().ofThisLoop(vertx);
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

  /** Writes a string that lives for ever and answers what is read back, with nothing between. */
  public Future<String> setThenGet(String key, String value) {
    return write(Request.cmd(Command.SET).arg(key).arg(value), Request.cmd(Command.GET).arg(key))
        .map(
            replies -> {
              checked(replies.get(0));
              return checked(replies.get(1)).toString();
            });
  }

  /** Whether Redis answers. */
  public Future<Void> ping() {
    return read(Request.cmd(Command.PING)).map(replies -> checked(replies.get(0))).mapEmpty();
  }

  /** Closes the connection; what is in flight fails. */
  public void close() {
    connection.close();
  }

  /** The replies, errors among them, to commands that may be sent twice. */
  public Future<List<Response>> read(Request... commands) {
    return connection.send(CommandGroup.Kind.READ, List.of(commands));
  }

  /** The replies, errors among them, to commands that Redis executes together. */
  public Future<List<Response>> write(Request... commands) {
    return connection.send(CommandGroup.Kind.WRITE, List.of(commands));
  }

  /** The same, of commands that remove, and need no memory for it. */
  public Future<List<Response>> remove(Request... commands) {
    return connection.send(CommandGroup.Kind.NEEDS_NO_MEMORY, List.of(commands));
  }

  /** What a script answers. */
  public Future<Response> run(Script script, List<String> keys, Buffer... arguments) {
    return run(CommandGroup.Kind.WRITE, script, keys, arguments);
  }

  /** What a script answers, whose effect is of a kind. */
  public Future<Response> run(
      CommandGroup.Kind kind, Script script, List<String> keys, Buffer... arguments) {
    if (byText && server.nanoTime() - byTextSince < BY_TEXT_NS) {
      return eval(kind, script, keys, arguments);
    }
    return connection
        .send(kind, List.of(request(Command.EVALSHA, script.sha1(), keys, arguments)))
        .compose(
            replies ->
                hasNotRun(replies.get(0))
                    ? eval(kind, script, keys, arguments)
                    : Future.succeededFuture(checked(replies.get(0))));
  }

  private Future<Response> eval(
      CommandGroup.Kind kind, Script script, List<String> keys, Buffer... arguments) {
    return connection
        .send(kind, List.of(request(Command.EVAL, script.source(), keys, arguments)))
        .map(replies -> checked(replies.get(0)));
  }

  /** A reply that is no error; an error is thrown as the {@link FailureException} it means. */
  public Response checked(Response reply) {
    if (RedisErrors.isError(reply)) {
      String error = reply.toString();
      if (RedisErrors.isReadOnly(error)) {
        connection.renew();
      }
      throw RedisErrors.asFailure(error);
    }
    return reply;
  }

  /** A duration as scripts take it. */
  public static Buffer millis(Duration duration) {
    return Buffer.buffer(Long.toString(duration.toMillis()));
  }

  private static Request request(
      Command eval, String script, List<String> keys, Buffer... arguments) {
    Request request = Request.cmd(eval).arg(script).arg(keys.size());
    keys.forEach(request::arg);
    for (Buffer argument : arguments) {
      request.arg(argument);
    }
    return request;
  }

  /** Whether a script is not there, or not to be called by its hash. */
  private boolean hasNotRun(Response reply) {
    if (!RedisErrors.isError(reply)) {
      return false;
    }
    byText = RedisErrors.isOfCommand(reply.toString(), "evalsha");
    byTextSince = server.nanoTime();
    return byText || RedisErrors.isUnknownScript(reply.toString());
  }
}
