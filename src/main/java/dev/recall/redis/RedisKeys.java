package dev.recall.redis;

/** Every key that Recall keeps in Redis, with its type and its life. Only the stores build one. */
final class RedisKeys {

  /** What all locks begin with. */
  static final String LOCK = "lock:";

  /** The definitions of computations that callers have put: a hash, for ever. */
  static final String DEFINITIONS = "recall:computations";

  /** What nodes say of themselves: a hash, by their ids, for ever. */
  static final String NODES = "recall:nodes";

  private static final String LEASE = "lease:{";

  private RedisKeys() {}

  /** A result: a string, for the computation's TTL; {@code fib:10} holds {@code 55}. */
  static String result(String computation, String input) {
    return results(computation) + input;
  }

  /** What all results of a computation begin with. */
  static String results(String computation) {
    return computation + ":";
  }

  /** The lease of whoever computes a result: a string, its token, while the computation goes on. */
  static String lease(String result) {
    return LEASE + result + "}";
  }

  /** What all leases of a computation begin with, and what else is kept of its makers. */
  static String leases(String computation) {
    return LEASE + results(computation);
  }

  /**
   * Why there is no result, as its maker said: a string, a failure's code and detail, for as long
   * as it is not to be asked again.
   */
  static String refusal(String result) {
    return lease(result) + ":refusal";
  }

  /**
   * How many makers have begun a result and not come to an end: a string, for a minute after the
   * last one.
   */
  static String tries(String result) {
    return lease(result) + ":tries";
  }

  /** Whether a key is a lease. */
  static boolean isLease(String key) {
    return key.startsWith(LEASE) && key.endsWith("}");
  }

  /** The result that a lease is for. */
  static String leased(String lease) {
    return lease.substring(LEASE.length(), lease.length() - 1);
  }

  /** A counter: a string of decimal digits, for the counter's TTL after its last visit. */
  static String counter(String id) {
    return "counter:" + id;
  }

  /**
   * The answer to an addition that came with an idempotency key: a hash of the request and the
   * answer, for 24 h. With the length of the id before it, no two pairs of id and key share a key.
   */
  static String answer(String counter, String idempotencyKey) {
    return "answer:" + counter.length() + ":{" + counter(counter) + "}:" + idempotencyKey;
  }

  /**
   * A document: a hash of its {@code text}, {@code version} and {@code created}, the time of its
   * creation in ms, for the life of its namespace. One that was deleted for good is without a text.
   *
   * @param namespace without a colon
   */
  static String document(String namespace, String key) {
    return "state:" + namespace + ":" + key;
  }

  /**
   * A lock: a hash of the {@code token} it is held with and its {@code fence}, while it is held.
   */
  static String lock(String name) {
    return LOCK + name;
  }

  /**
   * The fences of a lock, for ever, since they must never fall: a hash of the last one {@code
   * issued} and the newest one that was {@code accepted} with a write.
   */
  static String fence(String lock) {
    return "fence:" + lock;
  }

  /**
   * What a caller has had of a rate limit: a string, the time when all of it has come back, in µs.
   */
  static String rate(String limit, String caller) {
    return "rate:" + limit + ":" + caller;
  }
}
