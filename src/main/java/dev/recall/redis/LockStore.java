package dev.recall.redis;

import dev.recall.failure.Failure;
import dev.recall.redis.link.CommandGroup;
import dev.recall.redis.link.RedisStore;
import dev.recall.redis.link.Script;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.List;

/**
 * Locks in Redis, each a hash of the token it is held with and its fence. Failures are those of
 * {@link RedisStore}, and {@link Failure#WRONG_TYPE} where a key holds something else.
 */
public final class LockStore {

  static final Script ACQUIRE = new Script(LockStore.class, "numbers.lua", "lock-acquire.lua");
  static final Script RENEW = new Script(LockStore.class, "numbers.lua", "lock-renew.lua");
  static final Script RELEASE = new Script(LockStore.class, "lock-release.lua");

  private final RedisStore redis;

  /** Locks in the Redis of a store that is open. */
  public LockStore(RedisStore redis) {
    this.redis = redis;
  }

  /** What the keys of all locks begin with. */
  public static String prefix() {
    return RedisKeys.LOCK;
  }

  /** The name of the lock at a key. */
  public static String name(String key) {
    return key.substring(RedisKeys.LOCK.length());
  }

  /**
   * What came of asking for a lock.
   *
   * @param won whether it is ours now
   * @param fence its fence, if it is ours: one more than that of the last who had it
   * @param leftMs how long it is held by somebody else, if that has an end, else 0
   */
  public record Claim(boolean won, long fence, long leftMs) {}

  /**
   * Takes a lock unless somebody holds it.
   *
   * @param token of this attempt alone
   * @param life of the lock, unless it is renewed
   */
  public Future<Claim> acquire(String name, String token, Duration life) {
    return redis
        .run(
            ACQUIRE,
            List.of(RedisKeys.lock(name), RedisKeys.fence(name)),
            Buffer.buffer(token),
            RedisStore.millis(life))
        .map(
            reply -> {
              ScriptReply pair = ScriptReply.of(reply);
              long number = Long.parseLong(pair.rest());
              return pair.first() == 1
                  ? new Claim(true, number, 0)
                  : new Claim(false, 0, Math.max(0, number));
            });
  }

  /** For how many milliseconds a lock is held, 0 where it is not. */
  public Future<Long> leftMs(String name) {
    return redis
        .read(ResultStore.pttl(RedisKeys.lock(name)))
        .map(replies -> Math.max(0, redis.checked(replies.get(0)).toLong()));
  }

  /** Lets a lock live on; answers its fence, or {@link Failure#LOCK_LOST}. */
  public Future<Long> renew(String name, String token, Duration life) {
    return redis
        .run(
            CommandGroup.Kind.NEEDS_NO_MEMORY,
            RENEW,
            List.of(RedisKeys.lock(name)),
            Buffer.buffer(token),
            RedisStore.millis(life))
        .map(Response::toLong);
  }

  /** Ends a lock; {@link Failure#LOCK_LOST} where it was not held with this token. */
  public Future<Long> release(String name, String token) {
    return redis
        .run(
            CommandGroup.Kind.NEEDS_NO_MEMORY,
            RELEASE,
            List.of(RedisKeys.lock(name)),
            Buffer.buffer(token))
        .map(Response::toLong);
  }

  /** Ends a lock, whoever has it; answers how many there were, 0 or 1. */
  public Future<Long> remove(String name) {
    return redis
        .remove(Request.cmd(Command.UNLINK).arg(RedisKeys.lock(name)))
        .map(replies -> redis.checked(replies.get(0)).toLong());
  }
}
