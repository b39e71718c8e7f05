package dev.recall.redis;

import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import dev.recall.redis.link.RedisStore;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Results in Redis, each a plain string. Failures are those of {@link RedisStore}. */
public final class ResultStore {

  /** How many keys one command looks at or removes: a fraction of a millisecond of Redis' time. */
  private static final int BATCH = 1000;

  /** From so many bytes on a result is large: who only looks gets no more of it. */
  public static final int LARGE = 65_536;

  private static final long GONE = -2;

  static final long FOR_EVER = -1;

  private final RedisStore redis;

  /** Results in the Redis of a store that is open. */
  public ResultStore(RedisStore redis) {
    this.redis = redis;
  }

  /** The key of a result, which changes are told of by. */
  public static String key(String computation, String input) {
    return RedisKeys.result(computation, input);
  }

  /** What the keys of all results of a computation begin with. */
  public static String prefix(String computation) {
    return RedisKeys.results(computation);
  }

  /**
   * A string found at a key.
   *
   * @param text what it holds
   * @param lifeMs how long it will be there; {@link Long#MAX_VALUE} where it does not expire
   * @param bytes of the text as they are there, which need not be UTF-8
   */
  public record Found(String text, long lifeMs, Buffer bytes) {

    /** Whether this is only the beginning of it, where somebody looked. */
    public boolean isCut() {
      return bytes.length() >= LARGE;
    }
  }

  /**
   * The string at a key, or its first {@link #LARGE} bytes; something of another type counts as
   * nothing.
   */
  public Future<Optional<Found>> read(String key) {
    return redis
        .read(get(key, LARGE), pttl(key))
        .map(replies -> found(redis, replies.get(0), replies.get(1)))
        // Nothing at all and an empty string are alike, and a key may have come in between.
        .compose(
            found ->
                found.isPresent() && found.get().text().isEmpty()
                    ? redis
                        .read(get(key), pttl(key))
                        .map(replies -> found(redis, replies.get(0), replies.get(1)))
                    : Future.succeededFuture(found));
  }

  /** How many bytes the string at a key has, 0 where there is none. */
  public Future<Long> length(String key) {
    return redis
        .read(Request.cmd(Command.STRLEN).arg(key))
        .map(replies -> redis.checked(replies.get(0)).toLong());
  }

  /**
   * The string at a key, which was so many bytes long.
   *
   * @return failed as {@link Failure#OVERLOADED} where it is longer by now
   */
  public Future<Optional<Found>> readLarge(String key, long bytes) {
    return redis
        .read(get(key, bytes + 1), pttl(key))
        .map(
            replies -> {
              Response text = replies.get(0);
              if (text.toBuffer().length() > bytes) {
                throw Failure.OVERLOADED.because("the result has just grown");
              }
              return found(redis, text, replies.get(1)).filter(some -> !some.text().isEmpty());
            });
  }

  /** The strings at several keys, in their order, in one round trip. */
  public Future<List<Optional<Found>>> readAll(List<String> keys) {
    Request[] commands = new Request[keys.size() + 1];
    commands[0] = Request.cmd(Command.MGET);
    for (int i = 0; i < keys.size(); i++) {
      commands[0].arg(keys.get(i));
      commands[i + 1] = pttl(keys.get(i));
    }
    return redis
        .read(commands)
        .map(
            replies -> {
              Response texts = redis.checked(replies.get(0));
              List<Optional<Found>> all = new ArrayList<>();
              for (int i = 0; i < keys.size(); i++) {
                all.add(found(redis, texts.get(i), replies.get(i + 1)));
              }
              return all;
            });
  }

  /**
   * Removes a result, and the lease of whoever computes it: that one's result is not stored.
   *
   * @return how many results there were, 0 or 1
   */
  public Future<Integer> remove(String key) {
    // The lease first: between the two nothing can be stored. Each by itself, since a Redis without
    // memory left takes no transaction.
    Future<Integer> lease =
        removeAll(List.of(RedisKeys.lease(key), RedisKeys.refusal(key), RedisKeys.tries(key)));
    Future<Integer> result = removeAll(List.of(key));
    return Future.all(lease, result).map(both -> result.result());
  }

  /** Keys found on the way through all keys, and where to go on. */
  public record Page(List<String> keys, String next) {
    /** Where the way begins, and ends. */
    public static final String START = "0";

    /** Whether this was the last one. */
    public boolean isLast() {
      return next.equals(START);
    }
  }

  /**
   * Some of the keys that begin with a prefix; every key that is there all the time is on a page.
   *
   * @param prefix without the special characters of a glob pattern, but for braces
   * @param from {@link Page#START}, or the last page's next
   */
  public Future<Page> scan(String prefix, String from) {
    return redis
        .read(
            Request.cmd(Command.SCAN)
                .arg(from)
                .arg("MATCH")
                .arg(prefix + "*")
                .arg("COUNT")
                .arg(BATCH))
        .map(
            replies -> {
              Response page = redis.checked(replies.get(0));
              List<String> keys = new ArrayList<>();
              page.get(1).forEach(key -> keys.add(key.toString()));
              return new Page(keys, page.get(0).toString());
            });
  }

  /** Removes keys, and tells how many there were. */
  public Future<Integer> removeAll(List<String> keys) {
    if (keys.isEmpty()) {
      return Future.succeededFuture(0);
    }
    Request unlink = Request.cmd(Command.UNLINK);
    keys.forEach(unlink::arg);
    return redis.remove(unlink).map(replies -> redis.checked(replies.get(0)).toInteger());
  }

  static Request get(String key) {
    return Request.cmd(Command.GET).arg(key);
  }

  /** The first bytes of a string; the empty string where there is none. */
  static Request get(String key, long most) {
    return Request.cmd(Command.GETRANGE).arg(key).arg(0).arg(most - 1);
  }

  static Request pttl(String key) {
    return Request.cmd(Command.PTTL).arg(key);
  }

  static Optional<Found> found(RedisStore redis, @Nullable Response text, Response pttl) {
    long life = redis.checked(pttl).toLong();
    if (text == null || isOfAnotherType(redis, text) || life == GONE) {
      return Optional.empty();
    }
    return Optional.of(
        new Found(text.toString(), life == FOR_EVER ? Long.MAX_VALUE : life, text.toBuffer()));
  }

  private static boolean isOfAnotherType(RedisStore redis, Response reply) {
    try {
      redis.checked(reply);
      return false;
    } catch (FailureException error) {
      if (error.failure() == Failure.WRONG_TYPE) {
        return true;
      }
      throw error;
    }
  }
}
