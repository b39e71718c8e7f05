package dev.recall.redis.link;

import io.netty.channel.EventLoop;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
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
    ContextInternal current = ((VertxInternal) vertx).getOrCreateContext();
    return byLoop.computeIfAbsent(
        current.nettyEventLoop(),
        loop ->
            new HeldConnection(
                context(current, loop), server, "event loop " + made.getAndIncrement()));
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

  // Of no deployment: it outlives the verticle that came first.
  private static ContextInternal context(ContextInternal current, EventLoop loop) {
    return current
        .owner()
        .contextBuilder()
        .withThreadingModel(ThreadingModel.EVENT_LOOP)
        .withEventLoop(loop)
        .build();
  }
}
