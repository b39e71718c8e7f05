package dev.recall.redis;

import dev.recall.redis.link.Script;
import java.util.stream.Stream;

/** The scripts of a node, for a Redis that no node has shown them yet. */
public final class Scripts {

  private Scripts() {}

  /** Each of them. */
  public static Stream<Script> all() {
    return Stream.of(
        CounterStore.ADD,
        DocumentStore.GET,
        DocumentStore.PUT,
        DocumentStore.DELETE,
        DocumentStore.ROTATE,
        LeaseStore.STORE,
        LeaseStore.RENEW,
        LeaseStore.RELEASE,
        LockStore.ACQUIRE,
        LockStore.RENEW,
        LockStore.RELEASE,
        RateStore.TAKE);
  }

  /** From now on a node finds each script by its hash. */
  public static void load(RedisCli redis) {
    all().forEach(script -> redis.run("SCRIPT", "LOAD", script.source()));
  }
}
