package dev.recall.loop;

import io.netty.util.concurrent.EventExecutor;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The threads that do what is not computed. */
public final class EventLoops {

  private EventLoops() {}

  /** Those that verticles run on. */
  public static List<EventExecutor> of(Vertx vertx) {
    return list(((VertxInternal) vertx).nettyEventLoopGroup());
  }

  /** The same, and those that accept connections. */
  public static List<EventExecutor> andAcceptorsOf(Vertx vertx) {
    return Stream.concat(
            of(vertx).stream(), list(((VertxInternal) vertx).acceptorEventLoopGroup()).stream())
        .toList();
  }

  private static List<EventExecutor> list(Iterable<EventExecutor> group) {
    return StreamSupport.stream(group.spliterator(), false).toList();
  }
}
