package dev.recall.redis;

import dev.recall.redis.link.RedisStore;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What nodes that share a Redis tell each other of themselves: a hash, by their ids. The time is
 * that of Redis, which is one for all. Failures are those of {@link RedisStore}.
 */
public final class NodeStore {

  private static final String SAYS = "says";
  private static final String SECONDS = "at";

  private final RedisStore redis;

  /** Nodes at the Redis of a store that is open. */
  public NodeStore(RedisStore redis) {
    this.redis = redis;
  }

  /**
   * Tells what a node says, and answers what the others do.
   *
   * @param silence how long a node counts that says nothing any more
   */
  public Future<Map<String, JsonObject>> tell(String node, JsonObject says, Duration silence) {
    return redis
        .read(Request.cmd(Command.TIME), Request.cmd(Command.HGETALL).arg(RedisKeys.NODES))
        .compose(
            replies -> {
              long now = redis.checked(replies.get(0)).get(0).toLong();
              Map<String, JsonObject> others = new HashMap<>();
              List<String> gone = new ArrayList<>();
              DefinitionStore.texts(redis.checked(replies.get(1)))
                  .forEach(
                      (other, text) -> {
                        JsonObject told = json(text);
                        if (now - told.getLong(SECONDS, 0L) > silence.toSeconds()) {
                          gone.add(other);
                        } else if (!other.equals(node)) {
                          others.put(other, told.getJsonObject(SAYS, new JsonObject()));
                        }
                      });
              return write(node, says, now, gone).map(others);
            });
  }

  private Future<Response> write(String node, JsonObject says, long now, List<String> gone) {
    String text = new JsonObject().put(SECONDS, now).put(SAYS, says).encode();
    Request told = Request.cmd(Command.HSET).arg(RedisKeys.NODES).arg(node).arg(text);
    if (gone.isEmpty()) {
      return redis.write(told).map(replies -> redis.checked(replies.get(0)));
    }
    Request forget = Request.cmd(Command.HDEL).arg(RedisKeys.NODES);
    gone.forEach(forget::arg);
    return redis.write(told, forget).map(replies -> redis.checked(replies.get(0)));
  }

  /** A node ends. */
  public Future<Void> leave(String node) {
    return redis
        .remove(Request.cmd(Command.HDEL).arg(RedisKeys.NODES).arg(node))
        .map(replies -> redis.checked(replies.get(0)))
        .mapEmpty();
  }

  // Any program can write there.
  private static JsonObject json(String text) {
    try {
      JsonObject told = new JsonObject(text);
      told.getLong(SECONDS, 0L);
      told.getJsonObject(SAYS);
      return told;
    } catch (RuntimeException nonsense) {
      return new JsonObject();
    }
  }
}
