package dev.recall.redis;

/** The scripts of a node, for a Redis that no node has shown them yet. */
public final class Scripts {

  private Scripts() {}

  /** From now on a node finds each script by its hash. */
  public static void load(RedisCli redis) {
    for (Script script : Script.values()) {
      redis.run("SCRIPT", "LOAD", script.source());
    }
  }
}
