package dev.recall.redis;

import io.vertx.core.net.NetSocket;

/**
 * Stands before a Redis and can swallow what it tells a tracking connection: the connection looks
 * well, and is deaf.
 */
public final class MutingProxy implements AutoCloseable {

  private final RedisProxy proxy;
  private volatile boolean muted;

  /** A proxy on a free port. */
  public MutingProxy(int redisPort) {
    proxy = new RedisProxy(redisPort, this::join);
  }

  public String url() {
    return proxy.url();
  }

  /** Swallows, or lets through again; what was swallowed is gone. */
  public void mute(boolean on) {
    muted = on;
  }

  @Override
  public void close() {
    proxy.close();
  }

  private void join(NetSocket client, NetSocket redis) {
    boolean[] tracking = new boolean[1];
    client.handler(
        sent -> {
          tracking[0] |= sent.toString("ISO-8859-1").contains("TRACKING");
          redis.write(sent);
        });
    redis.handler(
        told -> {
          if (!muted || !tracking[0]) {
            client.write(told);
          }
        });
  }
}
