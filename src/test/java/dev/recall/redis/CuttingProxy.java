package dev.recall.redis;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Stands before a Redis and cuts a connection in the middle of a script's way, when told to. */
public final class CuttingProxy implements AutoCloseable {

  private static final List<Cut> CUTS = List.of(Cut.values());

  private final AtomicInteger cuts = new AtomicInteger();
  private final AtomicReference<@Nullable Cut> armed = new AtomicReference<>();
  private final RedisProxy proxy;

  /** Where a connection is cut. */
  private enum Cut {
    /** In the middle of what is sent: Redis never sees the end of it. */
    REQUEST,
    /** When all is sent: Redis does it, and nobody hears of it. */
    SILENCE,
    /** In the middle of what Redis answers. */
    REPLY
  }

  /** A proxy on a free port. */
  public CuttingProxy(int redisPort) {
    proxy = new RedisProxy(redisPort, (client, redis) -> new ScriptReply(client, redis).join());
  }

  public String url() {
    return proxy.url();
  }

  /** Cuts the next connection on which a script is sent; each time in another place. */
  public void cutNext() {
    armed.set(CUTS.get(cuts.getAndIncrement() % CUTS.size()));
  }

  @Override
  public void close() {
    proxy.close();
  }

  private final class ScriptReply {

    private final NetSocket client;
    private final NetSocket redis;

    ScriptReply(NetSocket client, NetSocket redis) {
      this.client = client;
      this.redis = redis;
    }

    void join() {
      client.handler(this::ask);
      redis.handler(client::write);
    }

    private void ask(Buffer sent) {
      boolean isScript = sent.toString("ISO-8859-1").contains("EVALSHA");
      Cut cut = isScript ? armed.getAndSet(null) : null;
      if (cut == null) {
        redis.write(sent);
        return;
      }
      switch (cut) {
        case REQUEST -> {
          client.handler(swallowed -> {}); // a connection loses its end, never its middle
          redis.write(firstHalf(sent)).onComplete(written -> redis.close());
        }
        case SILENCE -> {
          redis.handler(swallowed -> redis.close());
          redis.write(sent);
        }
        case REPLY -> {
          redis.handler(this::replyHalf);
          redis.write(sent);
        }
      }
    }

    private void replyHalf(Buffer told) {
      redis.handler(swallowed -> {});
      client.write(firstHalf(told)).onComplete(written -> client.close());
    }

    private Buffer firstHalf(Buffer all) {
      return all.slice(0, all.length() / 2);
    }
  }
}
