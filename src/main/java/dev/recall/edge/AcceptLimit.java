package dev.recall.edge;

import dev.recall.config.Budget;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Closes at once what is accepted past the last file that connections may take, on all ports of the
 * process together: those that are cut to make room are closed a moment later, and without a file
 * nothing is accepted, nor can the node open what it needs itself.
 */
final class AcceptLimit extends ChannelInboundHandlerAdapter {

  /** How many of those that are cut may still be open. */
  private static final int BEING_CLOSED = 32;

  private static final long MOST = Budget.freeDescriptors() + BEING_CLOSED;
  private static final AtomicLong OPEN = new AtomicLong();

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
