package dev.recall.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recall.redis.RedisCli;
import dev.recall.redis.bundled.SharedRedis;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Everything that Redis holds, as an operator sees and changes it; and who lets time pass. */
final class Contents implements AutoCloseable {

  /** A life in Redis may be shorter by so much, since there the time of the test passes, too. */
  private static final Duration LAG = Duration.ofSeconds(30);

  private static final String ALL_KEYS = "return table.concat(redis.call('KEYS', '*'), '\\n')";

  private static final String DIGEST =
      """
      local digest, keys = {}, redis.call('KEYS', '*')
      table.sort(keys)
      for i, key in ipairs(keys) do
        digest[i] = key .. ' ' .. redis.sha1hex(redis.call('DUMP', key))
      end
      return table.concat(digest, '\\n')
      """;

  // Everything that is written down as a time moves to the past.
  private static final String PASS =
      """
      for _, key in ipairs(redis.call('KEYS', '*')) do
        local left = redis.call('PTTL', key)
        if left >= 0 then
          redis.call('PEXPIRE', key, left - ARGV[1])
        end
        local created = redis.pcall('HGET', key, 'created')
        if type(created) == 'string' and string.match(created, '^%d+$') then
          redis.call('HINCRBY', key, 'created', -ARGV[1])
        end
      end
      return 'OK'
      """;

  private final RedisCli redis = new RedisCli(SharedRedis.url());

  RedisCli cli() {
    return redis;
  }

  /** Empties Redis. */
  void clear() {
    redis.run("FLUSHALL");
  }

  /** Lets time pass for everything in Redis. */
  void pass(Duration time) {
    redis.run("EVAL", PASS, "0", Long.toString(time.toMillis()));
  }

  /** Every key. */
  Set<String> keys() {
    Set<String> keys = new TreeSet<>(redis.run("EVAL", ALL_KEYS, "0").lines().toList());
    keys.remove("");
    return keys;
  }

  /** Each key and a hash of its value; not its life. */
  String digest() {
    return redis.run("EVAL", DIGEST, "0");
  }

  String field(String key, String field) {
    return redis.run("HGET", key, field);
  }

  /** Whether a key lives for so long, or for ever where that is empty. */
  void assertLives(String key, Optional<Duration> left) {
    long actual = redis.number("PTTL", key);
    if (left.isEmpty()) {
      assertThat(actual).as("life of %s", key).isEqualTo(-1);
    } else {
      assertThat(actual)
          .as("life of %s", key)
          .isBetween(left.get().minus(LAG).toMillis(), left.get().toMillis());
    }
  }

  @Override
  public void close() {
    redis.close();
  }
}
