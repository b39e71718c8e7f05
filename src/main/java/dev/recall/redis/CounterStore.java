package dev.recall.redis;

import dev.recall.api.CounterApi.Add;
import dev.recall.failure.Failure;
import dev.recall.redis.link.RedisStore;
import dev.recall.redis.link.Script;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Counters in Redis, each a string of decimal digits. Failures are those of {@link RedisStore}, and
 * {@link Failure#WRONG_TYPE} where a key holds something else, which is left as it was.
 */
public final class CounterStore {

  static final Script ADD = new Script(CounterStore.class, "counter-add.lua");

  /** How long the answer to a request with an idempotency key is kept. */
  private static final Duration IDEMPOTENCY = Duration.ofHours(24);

  /** What INCRBY takes: no sign but a minus, no leading zeros. */
  private static final Pattern COUNT = Pattern.compile("0|-?[1-9][0-9]{0,18}");

  private final RedisStore redis;

  /** Counters in the Redis of a store that is open. */
  public CounterStore(RedisStore redis) {
    this.redis = redis;
  }

  /**
   * Adds to a counter, 0 where there is none, and lets it live on; or answers as it did before to
   * the same idempotency key.
   *
   * @param defaultTtl its life from now, where the request says none
   * @return the sum; {@link Failure#COUNTER_OVERFLOW} or {@link Failure#IDEMPOTENCY_KEY_REUSED}
   *     where nothing was added
   */
  public Future<Long> add(Add ask, Duration defaultTtl) {
    List<String> keys = new ArrayList<>(List.of(RedisKeys.counter(ask.id())));
    ask.idempotencyKey().ifPresent(key -> keys.add(RedisKeys.answer(ask.id(), key)));
    // What was asked, not what the settings make of it: they may change before it is asked again.
    String request = ask.by() + ask.ttl().map(ttl -> " for " + ttl.toSeconds()).orElse("");
    return redis
        .run(
            ADD,
            keys,
            Buffer.buffer(Long.toString(ask.by())),
            RedisStore.millis(ask.ttl().orElse(defaultTtl)),
            RedisStore.millis(IDEMPOTENCY),
            Buffer.buffer(request))
        .map(CounterStore::value);
  }

  /** A counter as it is, 0 where there is none. */
  public Future<Long> get(String id) {
    return redis
        .read(Request.cmd(Command.GET).arg(RedisKeys.counter(id)))
        .map(replies -> value(redis.checked(replies.get(0))));
  }

  /** Removes a counter, whatever is there; answers how many there were, 0 or 1. */
  public Future<Long> remove(String id) {
    return redis
        .remove(Request.cmd(Command.UNLINK).arg(RedisKeys.counter(id)))
        .map(replies -> redis.checked(replies.get(0)).toLong());
  }

  private static long value(Response digits) {
    if (digits == null) {
      return 0;
    }
    if (digits.type() == ResponseType.NUMBER) {
      return digits.toLong();
    }
    String text = digits.toString();
    if (COUNT.matcher(text).matches()) {
      try {
        return Long.parseLong(text);
      } catch (NumberFormatException past64Bits) {
        // told below
      }
    }
    throw Failure.WRONG_TYPE.because("the key holds a value of another type");
  }
}
