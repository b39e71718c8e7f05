package dev.recall.redis;

import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;

/**
 * Stands before a Redis and can swallow what it tells a tracking connection: the connection looks
 * well, and is deaf.
 */
public final class MutingProxy implements AutoCloseable {

  private final Vertx vertx = Vertx.vertx();

  /** One for all: a client that nobody holds is closed by the garbage collector. */
  private final NetClient out = vertx.createNetClient();

  private final NetServer server;
  private volatile boolean muted;

  /** A proxy on a free port. */
  public MutingProxy(int redisPort) {
    server =
        vertx
            .createNetServer()
            .connectHandler(
                client -> {
                  client.pause();
                  out.connect(redisPort, "127.0.0.1")
                      .onSuccess(redis -> join(client, redis))
                      .onFailure(refused -> client.close());
                })
            .listen(0, "127.0.0.1")
            .await();
  }

  public String url() {
    return "redis://127.0.0.1:" + server.actualPort();
  }

  /** Swallows, or lets through again; what was swallowed is gone. */
  public void mute(boolean on) {
    muted = on;
  }

  @Override
  public void close() {
    vertx.close().await();
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
    client.closeHandler(closed -> redis.close());
    redis.closeHandler(closed -> client.close());
    client.resume();
  }
}
