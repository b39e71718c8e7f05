package dev.recall.redis;

import dev.recall.redis.ResultStore.Found;
import dev.recall.redis.link.RedisStore;
import dev.recall.redis.link.Script;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The leases of those who compute results, and the results that are stored under them. Failures are
 * those of {@link RedisStore}.
 */
public final class LeaseStore {

  static final Script STORE = new Script(LeaseStore.class, "result-store.lua");
  static final Script RENEW = new Script(LeaseStore.class, "lease-renew.lua");
  static final Script RELEASE = new Script(LeaseStore.class, "lease-release.lua");

  private static final Buffer NOTHING = Buffer.buffer();

  /** How close to its end a key counts as expired when it is gone. */
  private static final long EXPIRY_MS = 50;

  private final RedisStore redis;
  private final long maxBytes;

  /**
   * Leases in the Redis of a store that is open.
   *
   * @param maxBytes how long a result may be; a longer one counts as none
   */
  public LeaseStore(RedisStore redis, long maxBytes) {
    this.redis = redis;
    this.maxBytes = maxBytes;
  }

  /** What the keys of all leases of a computation begin with. */
  public static String prefix(String computation) {
    return RedisKeys.leases(computation);
  }

  /** Whether a key is a lease. */
  public static boolean isLease(String key) {
    return RedisKeys.isLease(key);
  }

  /** The key of the result that a lease is for. */
  public static String leased(String lease) {
    return RedisKeys.leased(lease);
  }

  /**
   * What came of asking for a lease.
   *
   * @param won whether it is ours now
   * @param found the result as it was at that moment
   * @param leaseMs how long the lease lives, whoever holds it; {@link Integer#MAX_VALUE} where
   *     somebody has made it live for ever
   */
  public record Claim(boolean won, Optional<Found> found, long leaseMs) {}

  /**
   * Takes the lease of a key unless somebody holds it, and looks at the key in the same moment.
   *
   * @param token of this attempt alone
   * @param life of the lease, unless it is renewed
   */
  public Future<Claim> claim(String key, String token, Duration life) {
    String lease = RedisKeys.lease(key);
    return redis
        .write(
            Request.cmd(Command.SET).arg(lease).arg(token).arg("NX").arg("PX").arg(life.toMillis()),
            ResultStore.get(key, maxBytes + 1),
            ResultStore.pttl(key),
            ResultStore.pttl(lease))
        .map(
            replies ->
                new Claim(
                    redis.checked(replies.get(0)) != null,
                    ResultStore.found(redis, replies.get(1), replies.get(2))
                        .filter(found -> found.bytes().length() <= maxBytes),
                    leaseMs(redis.checked(replies.get(3)).toLong())));
  }

  /**
   * Stores a result and ends the lease it was computed under.
   *
   * @param life how long it will be there, at least 1 ms
   * @param seen what the key held when the lease was taken
   * @param passedMs the time since then
   * @return whether it was stored: not where the lease has ended, or somebody else has written
   */
  public Future<Boolean> store(
      String key, String token, String result, Duration life, Optional<Found> seen, long passedMs) {
    boolean mayHaveExpired = seen.isPresent() && passedMs + EXPIRY_MS >= seen.get().lifeMs();
    return redis
        .run(
            STORE,
            List.of(key, RedisKeys.lease(key)),
            Buffer.buffer(token),
            Buffer.buffer(result),
            RedisStore.millis(life),
            seen.map(Found::bytes).orElse(NOTHING),
            Buffer.buffer(mayHaveExpired ? "1" : "0"))
        .map(Response::toBoolean);
  }

  /** Whether a lease is still held with this token. */
  public Future<Boolean> isHeld(String key, String token) {
    return redis
        .read(ResultStore.get(RedisKeys.lease(key)))
        .map(
            replies -> {
              Response holder = redis.checked(replies.get(0));
              return holder != null && holder.toString().equals(token);
            });
  }

  /** Lets a lease live on; false where it is no longer held with this token. */
  public Future<Boolean> renew(String key, String token, Duration life) {
    return redis
        .run(RENEW, List.of(RedisKeys.lease(key)), Buffer.buffer(token), RedisStore.millis(life))
        .map(Response::toBoolean);
  }

  /** Ends a lease; false where it was no longer held with this token. */
  public Future<Boolean> release(String key, String token) {
    return redis
        .run(RELEASE, List.of(RedisKeys.lease(key)), Buffer.buffer(token))
        .map(Response::toBoolean);
  }

  private static long leaseMs(long pttl) {
    return pttl == ResultStore.FOR_EVER ? Integer.MAX_VALUE : Math.max(0, pttl);
  }
}
