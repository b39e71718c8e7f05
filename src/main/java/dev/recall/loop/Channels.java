package dev.recall.loop;

import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.vertx.core.Context;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.core.net.impl.VertxHandler;
import java.util.Optional;

/** What lies under a connection of Vert.x. */
public final class Channels {

  private Channels() {}

  /** The channel of a connection. */
  public static Channel of(HttpConnection http) {
    return ((ConnectionBase) http).channel();
  }

  /** The context of the server that a channel belongs to, once Vert.x has its handler there. */
  public static Optional<Context> contextOf(ChannelPipeline pipeline) {
    VertxHandler<?> vertx = pipeline.get(VertxHandler.class);
    return Optional.ofNullable(vertx).map(handler -> handler.getConnection().context());
  }
}
