package dev.recall.redis;

import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.util.function.BiConsumer;

/** Stands before a Redis on a free port; who makes it says what passes between the two sides. */
public final class RedisProxy implements AutoCloseable {

  /** What is read at once, whole: more than any of our writes. */
  private static final int PIECE = 1 << 17;

  private final Vertx vertx = Vertx.vertx();
  private final NetClient toRedis = vertx.createNetClient(); // kept: it is closed when forgotten
  private final NetServer server;

  /**
   * A proxy that listens.
   *
   * @param join sets the handlers of a client's side and of Redis', before either is read; unless
   *     it says otherwise, each is closed with the other
   */
  public RedisProxy(int redisPort, BiConsumer<NetSocket, NetSocket> join) {
    server =
        vertx
            .createNetServer(new NetServerOptions().setReceiveBufferSize(PIECE))
            .connectHandler(
                client -> {
                  client.pause();
                  toRedis
                      .connect(redisPort, "127.0.0.1")
                      .onSuccess(
                          redis -> {
                            client.closeHandler(closed -> redis.close());
                            redis.closeHandler(closed -> client.close());
                            join.accept(client, redis);
                            client.resume();
                          })
                      .onFailure(refused -> client.close());
                })
            .listen(0, "127.0.0.1")
            .await();
  }

  public String url() {
    return "redis://127.0.0.1:" + server.actualPort();
  }

  @Override
  public void close() {
    vertx.close().await();
  }
}
