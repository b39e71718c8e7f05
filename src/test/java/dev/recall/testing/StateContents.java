package dev.recall.testing;

import dev.recall.redis.RedisCli;

/** What a Redis holds before each {@link StateRequest}: one of each, all of which live on. */
public final class StateContents {

  private static final String LIFE_MS = "900000";

  private StateContents() {}

  public static void fill(RedisCli redis) {
    redis.run("SET", "counter:k", "5", "PX", LIFE_MS);
    String now = Long.toString(System.currentTimeMillis());
    hash(redis, "state:session:k", "version", "7", "created", now, "text", "[1]");
    hash(redis, "state:config:k", "version", "7", "created", now, "text", "[1]");
    hash(redis, "lock:k", "token", "token", "fence", "3");
    redis.run("HSET", "fence:k", "issued", "3", "accepted", "1");
  }

  private static void hash(RedisCli redis, String key, String... fields) {
    String[] arguments = new String[fields.length + 1];
    arguments[0] = key;
    System.arraycopy(fields, 0, arguments, 1, fields.length);
    redis.run("HSET", arguments);
    redis.run("PEXPIRE", key, LIFE_MS);
  }
}
