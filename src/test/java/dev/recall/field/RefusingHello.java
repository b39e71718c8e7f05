package dev.recall.field;

import dev.recall.redis.RedisProxy;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/** Stands before a Redis and answers the first HELLO itself, with a refusal. */
final class RefusingHello implements AutoCloseable {

  private final AtomicInteger hellos = new AtomicInteger();
  private final RedisProxy proxy;

  /** One on a free port. */
  RefusingHello(int redisPort) {
    proxy = new RedisProxy(redisPort, this::join);
  }

  String url() {
    return proxy.url();
  }

  /** How many came, the refused one among them. */
  int hellos() {
    return hellos.get();
  }

  @Override
  public void close() {
    proxy.close();
  }

  private void join(NetSocket client, NetSocket redis) {
    client.handler(sent -> pass(sent, client, redis));
    redis.handler(client::write);
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
