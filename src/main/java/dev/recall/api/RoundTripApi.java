package dev.recall.api;

import dev.recall.bus.Address;

/** The tutorial's demonstration: a value is written to Redis and read back. */
public final class RoundTripApi {

  /** Writes, then answers what is read. */
  public static final Address.Local<SetThenGet, String> SET_THEN_GET =
      new Address.Local<>("recall.local.set-then-get");

  private RoundTripApi() {}

  /**
   * What to write.
   *
   * @param key the Redis key itself
   * @param value kept without a TTL
   */
  public record SetThenGet(String key, String value) {}
}
