package dev.recall.redis;

import dev.recall.config.Rate;
import dev.recall.redis.link.RedisStore;
import dev.recall.redis.link.Script;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;

/** What rate limits have let through, in Redis, by its clock. Failures: {@link RedisStore}. */
public final class RateStore {

  static final Script TAKE = new Script(RateStore.class, "rate-take.lua");

  private final RedisStore redis;

  /** In the Redis of a store that is open. */
  public RateStore(RedisStore redis) {
    this.redis = redis;
  }

  /**
   * What came of it.
   *
   * @param taken whether it was let through
   * @param aheadMicros how long it takes until all that was let through has come back
   */
  public record Reading(boolean taken, long aheadMicros) {}

  /**
   * Takes some of what is allowed, unless it is too much.
   *
   * @param limit the name of the rate limit, and {@code caller} whose share of it
   * @param cost 1 or more
   */
  public Future<Reading> take(String limit, String caller, Rate rate, int cost) {
    return redis
        .run(
            TAKE,
            List.of(RedisKeys.rate(limit, caller)),
            Buffer.buffer(Long.toString(rate.intervalMicros())),
            Buffer.buffer(Integer.toString(cost)),
            Buffer.buffer(Integer.toString(rate.burst())))
        .map(ScriptReply::of)
        .map(pair -> new Reading(pair.first() == 1, Long.parseLong(pair.rest())));
  }
}
