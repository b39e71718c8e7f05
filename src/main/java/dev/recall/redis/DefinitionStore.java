package dev.recall.redis;

import dev.recall.redis.link.RedisStore;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.HashMap;
import java.util.Map;

/**
 * The definitions of computations that callers have put, for all nodes that share the Redis: a hash
 * of their names and texts. Failures are those of {@link RedisStore}.
 */
public final class DefinitionStore {

  private final RedisStore redis;

  /** Definitions in the Redis of a store that is open. */
  public DefinitionStore(RedisStore redis) {
    this.redis = redis;
  }

  /** What the one key begins with. */
  public static String prefix() {
    return RedisKeys.DEFINITIONS;
  }

  /** All of them, by name. */
  public Future<Map<String, String>> all() {
    return redis
        .read(Request.cmd(Command.HGETALL).arg(RedisKeys.DEFINITIONS))
        .map(replies -> texts(redis.checked(replies.get(0))));
  }

  /** A hash as RESP2 writes it, or RESP3. */
  static Map<String, String> texts(Response hash) {
    Map<String, String> byName = new HashMap<>();
    if (hash.getKeys().isEmpty()) {
      for (int i = 0; i + 1 < hash.size(); i += 2) {
        byName.put(hash.get(i).toString(), hash.get(i + 1).toString());
      }
    } else {
      hash.getKeys().forEach(name -> byName.put(name, hash.get(name).toString()));
    }
    return byName;
  }

  /** Puts one; completed with whether there was none of this name. */
  public Future<Boolean> put(String name, String text) {
    return redis
        .write(Request.cmd(Command.HSET).arg(RedisKeys.DEFINITIONS).arg(name).arg(text))
        .map(replies -> redis.checked(replies.get(0)).toInteger() == 1);
  }

  /** Removes one; completed with how many there were, 0 or 1. */
  public Future<Integer> remove(String name) {
    return redis
        .remove(Request.cmd(Command.HDEL).arg(RedisKeys.DEFINITIONS).arg(name))
        .map(replies -> redis.checked(replies.get(0)).toInteger());
  }
}
