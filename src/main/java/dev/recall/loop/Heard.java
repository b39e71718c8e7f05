package dev.recall.loop;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpClientCodec;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpClientConnection;

/** How often bytes have come over a client's connection, be they an answer or a part of one. */
public final class Heard extends ChannelInboundHandlerAdapter {

  private volatile long times;

  private Heard() {}

  /** What counts for a connection, from the first time it is asked for. */
  public static Heard on(HttpConnection http) {
    ChannelHandlerContext vertx = ((HttpClientConnection) http).channelHandlerContext();
    ChannelPipeline pipeline = vertx.pipeline();
    Heard there = pipeline.get(Heard.class);
    if (there == null) {
      there = new Heard();
      // Behind TLS, which says goodbye in bytes, too.
      ChannelHandlerContext codec = pipeline.context(HttpClientCodec.class);
      pipeline.addBefore((codec == null ? vertx : codec).name(), null, there);
    }
    return there;
  }

  /** So often, until now. */
  public long times() {
    return times;
  }

  @Override
  @SuppressWarnings("NonAtomicVolatileUpdate") // the event loop of the channel alone writes it
  public void channelRead(ChannelHandlerContext channel, Object bytes) {
    times++;
    channel.fireChannelRead(bytes);
  }
}
