package dev.recall.edge;

import dev.recall.config.Budget;
import io.netty.bootstrap.ChannelInitializerExtension;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ServerChannel;
import io.netty.channel.WriteBufferWaterMark;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Puts a {@link Connection} before everything else that handles a connection, as soon as it is
 * accepted: Vert.x tells of one only when it has sent something.
 *
 * <p>Netty finds it by {@code META-INF/services}, and only where {@link #enable} was called before
 * the first server of the process; an {@link Edge} fails where it was not.
 */
public final class AcceptedChannels extends ChannelInitializerExtension {

  /** What a connection reads at once; with io_uring every idle one holds a buffer of this size. */
  private static final AdaptiveRecvByteBufAllocator READS =
      new AdaptiveRecvByteBufAllocator(256, 1024, 4096);

  static {
    READS.maxMessagesPerRead(1); // whoever sends much waits for the others
  }

  /** Small, since what is below the mark is held for each connection that does not read. */
  private static final WriteBufferWaterMark WRITES =
      new WriteBufferWaterMark(Exchange.UNWRITABLE / 2, Exchange.UNWRITABLE);

  /** Connections that are cut are still open for a moment, while others are accepted. */
  private static final int BEING_CLOSED = 32;

  private static final long MOST = Budget.freeDescriptors() + BEING_CLOSED;
  private static final AtomicLong OPEN = new AtomicLong();

  /**
   * Tells Netty to look for this class, and to accept one connection at a time: by multi-shot, the
   * kernel would accept until no file is left, whatever is refused here.
   */
  public static void enable() {
    System.setProperty(EXTENSIONS_SYSTEM_PROPERTY, "serviceload");
    System.setProperty("io.netty.iouring.acceptMultiShotEnabled", "false");
  }

  @Override
  public void postInitializeServerListenerChannel(ServerChannel channel) {
    channel.pipeline().addFirst(new Door());
  }

  /** Closes what is accepted past the last file that connections may take. */
  private static final class Door extends ChannelInboundHandlerAdapter {

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object accepted) {
      Channel channel = (Channel) accepted;
      if (OPEN.incrementAndGet() > MOST) {
        OPEN.decrementAndGet();
        channel.unsafe().closeForcibly();
      } else {
        // io_uring closes it when the loop comes round.
        channel
            .closeFuture()
            .addListener(closed -> channel.eventLoop().execute(OPEN::decrementAndGet));
        ctx.fireChannelRead(accepted);
      }
    }
  }

  @Override
  public void postInitializeServerChildChannel(Channel channel) {
    channel.config().setRecvByteBufAllocator(READS);
    channel.config().setWriteBufferWaterMark(WRITES);
    channel.pipeline().addFirst(new Connection());
  }
}
