package dev.recall.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;

/** Every key of a Redis, with its bytes and the end of its life, to compare with a later time. */
public final class RedisContents {

  private static final String ALL =
      "local all = {}"
          + " for _, key in ipairs(redis.call('KEYS', '*')) do"
          + " all[#all + 1] = key .. '\\t' .. redis.sha1hex(redis.call('DUMP', key))"
          + " .. '\\t' .. redis.call('PTTL', key) end"
          + " return table.concat(all, '\\n')";

  /** What a node that touches a key changes at least; the rest is the time that a test takes. */
  private static final long SLACK_MS = 20_000;

  private final Map<String, String> bytes = new TreeMap<>();
  private final Map<String, Long> lives = new TreeMap<>();

  private RedisContents() {}

  /** All there is now. */
  public static RedisContents of(RedisCli redis) {
    RedisContents contents = new RedisContents();
    redis
        .run("EVAL", ALL, "0")
        .lines()
        .filter(line -> !line.isEmpty())
        .map(line -> line.split("\t"))
        .forEach(
            entry -> {
              contents.bytes.put(entry[0], entry[1]);
              contents.lives.put(entry[0], Long.valueOf(entry[2]));
            });
    return contents;
  }

  /** Fails where a key came, went, or has other bytes or another end of its life than before. */
  public void assertUnchanged(RedisCli redis) {
    RedisContents now = of(redis);
    assertThat(now.bytes).isEqualTo(bytes);
    now.lives.forEach(
        (key, life) -> {
          long then = lives.getOrDefault(key, 0L);
          assertThat(life).as("life of %s", key).isBetween(then - SLACK_MS, then);
        });
  }
}
