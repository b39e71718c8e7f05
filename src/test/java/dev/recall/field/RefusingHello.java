package dev.recall.field;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/** Stands before a Redis and answers the first HELLO itself, with a refusal. */
final class RefusingHello implements AutoCloseable {

  private final Vertx vertx = Vertx.vertx();
  private final NetClient toRedis = vertx.createNetClient(); // kept: it is closed when forgotten
  private final AtomicInteger hellos = new AtomicInteger();
  private final NetServer server;

  /** One on a free port. */
  RefusingHello(int redisPort) {
    server =
        vertx
            .createNetServer()
            .connectHandler(
                client -> {
                  client.pause();
                  toRedis
                      .connect(redisPort, "127.0.0.1")
                      .onSuccess(redis -> join(client, redis))
                      .onFailure(refused -> client.close());
                })
            .listen(0, "127.0.0.1")
            .await();
  }

  String url() {
    return "redis://127.0.0.1:" + server.actualPort();
  }

  /** How many came, the refused one among them. */
  int hellos() {
    return hellos.get();
  }

  @Override
  public void close() {
    vertx.close().await();
  }

  private void join(NetSocket client, NetSocket redis) {
    client.handler(sent -> pass(sent, client, redis));
    redis.handler(client::write);
    client.closeHandler(closed -> redis.close());
    redis.closeHandler(closed -> client.close());
    client.resume();
  }

  private void pass(Buffer sent, NetSocket client, NetSocket redis) {
    boolean isHello = sent.toString("ISO-8859-1").toUpperCase(Locale.ROOT).contains("HELLO\r\n");
    if (isHello && hellos.incrementAndGet() == 1) {
      client.write("-NOPROTO unsupported protocol version\r\n"); // nobody sends on before it
    } else {
      redis.write(sent);
    }
  }
}
