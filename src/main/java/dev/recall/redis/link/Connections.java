package dev.recall.redis.link;

import dev.recall.loop.OwnContext;
import io.netty.channel.EventLoop;
import io.vertx.core.Vertx;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The connections of a node that carry its commands, one for each event loop. Thread-safe. */
final class Connections {

  private final RedisServer server;
  private final Map<EventLoop, HeldConnection> byLoop = new ConcurrentHashMap<>();
  private final AtomicInteger made = new AtomicInteger();

  Connections(RedisServer server) {
    this.server = server;
  }

  /** That of the event loop whose turn it is. */
  HeldConnection ofThisLoop(Vertx vertx) {
    OwnContext current = OwnContext.current(vertx);
    return byLoop.computeIfAbsent(
        current.eventLoop(),
        loop ->
            new HeldConnection(
                current.ofNoVerticle(), server, "event loop " + made.getAndIncrement()));
  }

  /** Its last user has closed it. */
  void forget(HeldConnection closed) {
    byLoop.values().remove(closed);
  }

  Collection<HeldConnection> all() {
    return byLoop.values();
  }

  boolean isAnyUp() {
    for (HeldConnection one : byLoop.values()) {
      if (one.isUp()) {
        return true;
      }
    }
    return false;
  }

  /** One that is up, as far as is known. */
  @Nullable HeldConnection anyUpBut(HeldConnection without) {
    for (HeldConnection one : byLoop.values()) {
      if (one != without && one.isUp()) {
        return one;
      }
    }
    return null;
  }
}
