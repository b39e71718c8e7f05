package dev.recall.redis;

import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What an operator does with redis-cli: any command, and its reply as text. */
public final class RedisCli implements AutoCloseable {

  private final Vertx vertx = Vertx.vertx();
  private final Redis redis;

  public RedisCli(String url) {
    redis = Redis.createClient(vertx, url);
  }

  /** The reply as text; a nil is the text {@code (nil)}. */
  public String run(String command, String... arguments) {
    Request request = Request.cmd(Command.create(command));
    for (String argument : arguments) {
      request.arg(argument);
    }
    try {
      Response reply = redis.send(request).await(5, TimeUnit.SECONDS);
      return reply == null ? "(nil)" : reply.toString();
    } catch (TimeoutException late) {
      throw new AssertionError("Redis did not answer " + command, late);
    }
  }

  public long number(String command, String... arguments) {
    return Long.parseLong(run(command, arguments));
  }

  @Override
  public void close() {
    redis.close();
    vertx.close();
  }
}
