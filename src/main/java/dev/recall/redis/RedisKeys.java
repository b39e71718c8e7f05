package dev.recall.redis;

/** Every key that Recall keeps in Redis, with its type and its life. */
public final class RedisKeys {

  private RedisKeys() {}

  /** A result: a string, for the computation's TTL; {@code fib:10} holds {@code 55}. */
  public static String result(String computation, String input) {
    return computation + ":" + input;
  }

  /** A counter: a string of decimal digits, for the counter's TTL after its last visit. */
  public static String counter(String id) {
    return "counter:" + id;
  }
}
