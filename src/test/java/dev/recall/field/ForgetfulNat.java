package dev.recall.field;

import dev.recall.redis.RedisProxy;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Stands before a Redis and forgets a connection that is silent for a time: from then on it
 * swallows what either side sends, and tells neither. New ones it admits.
 */
final class ForgetfulNat implements AutoCloseable {

  private final List<Mapping> mappings = new CopyOnWriteArrayList<>();
  private final long memoryNanos;
  private final RedisProxy proxy;

  /** One on a free port. */
  ForgetfulNat(int redisPort, Duration memory) {
    memoryNanos = memory.toNanos();
    proxy = new RedisProxy(redisPort, (client, redis) -> new Mapping(client, redis).begin());
  }

  String url() {
    return proxy.url();
  }

  /** How many connections it would pass on now. */
  long remembered() {
    return mappings.stream().filter(Mapping::isRemembered).count();
  }

  /** Forgets all that there are now. */
  void forgetAll() {
    mappings.forEach(mapping -> mapping.forgotten = true);
  }

  @Override
  public void close() {
    proxy.close();
  }

  private final class Mapping {

    private final NetSocket client;
    private final NetSocket redis;
    private volatile long used = System.nanoTime();
    private volatile boolean forgotten;

    Mapping(NetSocket client, NetSocket redis) {
      this.client = client;
      this.redis = redis;
    }

    void begin() {
      mappings.add(this);
      client.handler(sent -> pass(sent, redis));
      redis.handler(told -> pass(told, client));
      client.closeHandler(closed -> end(redis));
      redis.closeHandler(closed -> end(client));
    }

    boolean isRemembered() {
      forgotten |= System.nanoTime() - used > memoryNanos;
      return !forgotten;
    }

    private void pass(Buffer bytes, NetSocket to) {
      if (isRemembered()) {
        used = System.nanoTime();
        to.write(bytes);
      }
    }

    private void end(NetSocket other) {
      if (isRemembered()) {
        mappings.remove(this);
        other.close();
      }
    }
  }
}
