package dev.recall.edge;

import io.netty.bootstrap.ChannelInitializerExtension;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ServerChannel;
import io.netty.channel.WriteBufferWaterMark;

/**
 * Puts a {@link Connection} before everything else that handles a connection, as soon as it is
 * accepted: Vert.x tells of one only when it has sent something. Before each port it puts an {@link
 * AcceptLimit}.
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
    channel.pipeline().addFirst(new AcceptLimit());
  }

  @Override
  public void postInitializeServerChildChannel(Channel channel) {
    channel.config().setRecvByteBufAllocator(READS);
    channel.config().setWriteBufferWaterMark(WRITES);
    channel.pipeline().addFirst(new Connection());
  }
}
