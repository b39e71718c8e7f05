package dev.recall.redis;

import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import dev.recall.redis.ResultStore.Found;
import dev.recall.redis.link.RedisStore;
import dev.recall.redis.link.Script;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
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
  static final Script PUT = new Script(LeaseStore.class, "result-put.lua");
  static final Script REFUSE = new Script(LeaseStore.class, "refusal-store.lua");

  /** How long a maker is remembered that has not come to an end. */
  private static final Duration TRIES_LIFE = Duration.ofMinutes(1);

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

  /** What the keys of all leases of a computation begin with, and what else is kept of makers. */
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
   * @param refusal why there is none, as its last maker said
   * @param tries how many makers have begun it of late and not come to an end
   */
  public record Claim(
      boolean won,
      Optional<Found> found,
      long leaseMs,
      Optional<FailureException> refusal,
      long tries) {}

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
            ResultStore.pttl(lease),
            ResultStore.get(RedisKeys.refusal(key)),
            ResultStore.pttl(RedisKeys.refusal(key)),
            ResultStore.get(RedisKeys.tries(key)))
        .map(
            replies ->
                new Claim(
                    redis.checked(replies.get(0)) != null,
                    ResultStore.found(redis, replies.get(1), replies.get(2))
                        .filter(found -> found.bytes().length() <= maxBytes),
                    leaseMs(redis.checked(replies.get(3)).toLong()),
                    Optional.ofNullable(redis.checked(replies.get(4)))
                        .map(refusal -> refusal(refusal, redis.checked(replies.get(5)).toLong())),
                    Optional.ofNullable(redis.checked(replies.get(6)))
                        .map(LeaseStore::number)
                        .orElse(0L)));
  }

  /** A maker begins; until he comes to an end, in whatever way he tells of, he counts. */
  public Future<Void> begun(String key) {
    String tries = RedisKeys.tries(key);
    return redis
        .write(
            Request.cmd(Command.INCRBY).arg(tries).arg(1),
            Request.cmd(Command.PEXPIRE).arg(tries).arg(TRIES_LIFE.toMillis()))
        .map(replies -> redis.checked(replies.get(0)))
        .mapEmpty();
  }

  /**
   * Remembers that there is no result, and why, for as long as {@link FailureException#retryAfter}
   * says; ends the lease that is held with the token.
   *
   * @return whether it was remembered: not where the lease has ended
   */
  public Future<Boolean> refuse(String key, String token, FailureException why) {
    boolean isGone = why.failure() == Failure.NO_SUCH_RESULT;
    return redis
        .run(
            REFUSE,
            List.of(RedisKeys.lease(key), RedisKeys.tries(key), RedisKeys.refusal(key), key),
            Buffer.buffer(token),
            Buffer.buffer(why.failure().code() + " " + why.detail()),
            RedisStore.millis(why.retryAfter()),
            Buffer.buffer(isGone ? "1" : "0"))
        .map(Response::toBoolean);
  }

  private static FailureException refusal(Response text, long pttl) {
    String[] parts = text.toString().split(" ", 2);
    int code = parts[0].matches("[0-9]{5}") ? Integer.parseInt(parts[0]) : 0;
    return Failure.of(code)
        .because(parts.length == 2 ? parts[1] : "")
        .retryAfter(Duration.ofMillis(Math.max(1, pttl)));
  }

  private static long number(Response text) {
    String digits = text.toString();
    return digits.matches("[0-9]{1,9}") ? Long.parseLong(digits) : 0;
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
            List.of(key, RedisKeys.lease(key), RedisKeys.tries(key), RedisKeys.refusal(key)),
            Buffer.buffer(token),
            Buffer.buffer(result),
            RedisStore.millis(life),
            seen.map(Found::bytes).orElse(NOTHING),
            Buffer.buffer(mayHaveExpired ? "1" : "0"))
        .map(Response::toBoolean);
  }

  /**
   * Stores a result that a caller has made, and ends the lease he made it under.
   *
   * @param life how long it will be there, at least 1 ms
   * @param seen the digest of what the key held when the lease was taken, as {@link #digest} makes
   *     it
   * @return whether it was stored: not where the lease has ended, or somebody else has written
   */
  public Future<Boolean> put(String key, String token, String result, Duration life, String seen) {
    return redis
        .run(
            PUT,
            List.of(key, RedisKeys.lease(key), RedisKeys.tries(key), RedisKeys.refusal(key)),
            Buffer.buffer(token),
            Buffer.buffer(result),
            RedisStore.millis(life),
            Buffer.buffer(seen))
        .map(Response::toBoolean);
  }

  /** Stores a result whatever is there, and ends the lease of whoever makes it. */
  public Future<Void> put(String key, String result, Duration life) {
    return redis
        .write(
            Request.cmd(Command.DEL)
                .arg(RedisKeys.lease(key))
                .arg(RedisKeys.tries(key))
                .arg(RedisKeys.refusal(key)),
            Request.cmd(Command.SET).arg(key).arg(result).arg("PX").arg(life.toMillis()))
        .map(
            replies -> {
              redis.checked(replies.get(0));
              return redis.checked(replies.get(1));
            })
        .mapEmpty();
  }

  /** What tells whether a string has changed: the first 64 bits of its SHA-1, as Redis has it. */
  public static String digest(Optional<Found> found) {
    return found
        .map(some -> HexFormat.of().formatHex(sha1(some.bytes().getBytes()), 0, 8))
        .orElse("-");
  }

  private static byte[] sha1(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-1").digest(bytes);
    } catch (NoSuchAlgorithmException impossible) {
      throw new LinkageError("every JDK has SHA-1", impossible);
    }
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

  /**
   * Ends a lease; false where it was no longer held with this token.
   *
   * @param ended whether its maker has come to an end, and does not count any more
   */
  public Future<Boolean> release(String key, String token, boolean ended) {
    return redis
        .run(
            RELEASE,
            List.of(RedisKeys.lease(key), RedisKeys.tries(key)),
            Buffer.buffer(token),
            Buffer.buffer(ended ? "1" : "0"))
        .map(Response::toBoolean);
  }

  /** Ends a lease whose maker was not let begin after all, and does not count. */
  public Future<Boolean> giveBack(String key, String token) {
    return redis
        .run(
            RELEASE,
            List.of(RedisKeys.lease(key), RedisKeys.tries(key)),
            Buffer.buffer(token),
            Buffer.buffer("-"))
        .map(Response::toBoolean);
  }

  private static long leaseMs(long pttl) {
    return pttl == ResultStore.FOR_EVER ? Integer.MAX_VALUE : Math.max(0, pttl);
  }
}
