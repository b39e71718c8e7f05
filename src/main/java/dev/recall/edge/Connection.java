package dev.recall.edge;

import dev.recall.loop.Channels;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.AttributeKey;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One connection, from the moment it is accepted: the first to see what its peer sends. It hands
 * that on as {@link Input} cuts it, one request at a time and only while the peer takes answers, so
 * that what is not served yet waits in the peer's own buffers; and it is what is closed.
 */
final class Connection extends ChannelInboundHandlerAdapter {

  private static final AttributeKey<Connection> KEY = AttributeKey.valueOf("recall.connection");
  private static final int PARTS_A_TURN = 2;
  private static final int MAX_LINGER_BYTES = 1 << 20;

  /** Of HTTP/2 frames that neither begin a request nor bring a body: windows, settings, pings. */
  private static final int MAX_UNASKED_BYTES = 65_536;

  private final Input input = new Input();
  private @Nullable ChannelHandlerContext context;
  private @Nullable Peer peer;
  private boolean http2;
  private boolean lingers;
  private boolean feeding;
  private boolean inTurn;
  private boolean reading;
  private boolean stuck;
  private boolean told;
  private long swallowed;
  private long unasked;

  /** Whose connection it is that Vert.x knows so. */
  static Peer peer(HttpConnection http) {
    return of(http).peer();
  }

  private static Connection of(HttpConnection http) {
    Connection connection = Channels.of(http).attr(KEY).get();
    if (connection == null) {
      throw new IllegalStateException("AcceptedChannels is not enabled");
    }
    return connection;
  }

  /** Told by Vert.x when it knows which HTTP is spoken. */
  static void configure(HttpConnection http) {
    http.exceptionHandler(broken -> {}); // what goes wrong on a connection concerns its peer alone
    Connection connection = of(http);
    if (connection.channel().pipeline().get(Input.DECODER) == null) {
      connection.http2 = true;
      connection.peer().speaksHttp2();
    }
  }

  // Vert.x has put its own handler into the pipeline by now; its context tells whose server it is.
  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    Connections all =
        Channels.contextOf(ctx.pipeline())
            .map(context -> context.<Connections>get(Connections.class))
            .orElse(null);
    if (all == null) {
      ctx.pipeline().remove(this); // the event bus has its own
    } else {
      context = ctx;
      ctx.channel().attr(KEY).set(this);
      peer = new Peer(this, all);
      peer.connected();
    }
    ctx.fireChannelActive();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    unasked += bytes.readableBytes();
    if (lingers || peer().isGone()) {
      swallow(bytes);
    } else if (http2 && unasked > MAX_UNASKED_BYTES) {
      bytes.release();
      peer().cut(Cut.FRAMES);
    } else {
      reading = true;
      input.add(bytes);
      feed();
    }
  }

  private void swallow(ByteBuf bytes) {
    swallowed += bytes.readableBytes();
    bytes.release();
    if (swallowed > MAX_LINGER_BYTES) {
      peer().close();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    reading = false;
    ctx.fireChannelReadComplete();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (peer != null && !peer.isGone() && stuck == ctx.channel().isWritable()) {
      stuck = !stuck;
      peer.stuck(stuck);
    }
    ctx.fireChannelWritabilityChanged();
    goOn();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    peer().leave();
    tellGone();
  }

  // What the decoder holds is free only then, and many may be cut before one of them is closed.
  private void tellGone() {
    if (!told && !feeding) {
      told = true;
      ctx().fireChannelInactive();
    }
  }

  /** Serves what waits, if anything does, when others have had their turn. */
  void goOn() {
    if (!input.hasMore()) {
      feed();
    } else if (!feeding && !inTurn && peer != null && !peer.isGone()) {
      inTurn = true;
      peer.all().feedLater(this, ctx().executor());
    }
  }

  /** It is its turn. */
  void feedInTurn() {
    inTurn = false;
    feed();
  }

  // A request that is answered at once comes back here while it is handed on: the loop goes on.
  private void feed() {
    if (feeding || inTurn || peer == null || peer.isGone()) {
      return;
    }
    feeding = true;
    int parts = 0;
    try {
      while (input.hasMore() && takesMore() && parts < PARTS_A_TURN) {
        parts++;
        feedNext(peer);
      }
    } finally {
      feeding = false;
    }
    if (peer.isGone()) {
      tellGone();
    } else {
      fed(parts);
    }
  }

  private void fed(int parts) {
    if (parts > 0 && !reading) {
      ctx().fireChannelReadComplete();
    }
    if (parts == PARTS_A_TURN && takesMore()) {
      goOn();
    }
    input.readWhileEmpty(channel());
  }

  private void feedNext(Peer peer) {
    boolean began = !input.isBetweenRequests();
    boolean inHeader = !peer.isServed();
    input.handOn(ctx(), http2, inHeader);
    if (peer.isServed()) {
      peer.leaveCurrent();
    } else if (!input.isBetweenRequests()) {
      peer.beginsRequest(!began, input.partialWeight());
    }
  }

  private boolean takesMore() {
    return !lingers && channel().isWritable() && (http2 || peer().takesMore());
  }

  /** A request has come: what its header weighs, in bytes. */
  long begin(HttpServerRequest request) {
    unasked = 0;
    return http2 ? 0 : input.begin(request);
  }

  void bodyProgress() {
    unasked = 0;
  }

  /** What requests that are over leave behind, in bytes. */
  long retained() {
    return input.retained();
  }

  /** Nothing of what comes from now on is looked at. */
  void linger() {
    lingers = true;
    input.release();
    channel().config().setAutoRead(true);
  }

  /** Tells a peer that is lingered for that nothing more will come. */
  void written() {
    if (lingers && channel() instanceof DuplexChannel duplex) {
      ChannelFuture unused = duplex.shutdownOutput();
    }
  }

  // Not through the pipeline: Vert.x would first write what the peer does not take.
  void close() {
    ChannelFuture unused = ctx().close();
    tellGone();
  }

  void release() {
    input.release();
    peer().all().feedNoMore(this);
  }

  boolean isBetweenRequests() {
    return input.isBetweenRequests();
  }

  boolean isHttp2() {
    return http2;
  }

  boolean lingers() {
    return lingers;
  }

  private Peer peer() {
    return Objects.requireNonNull(peer);
  }

  private ChannelHandlerContext ctx() {
    return Objects.requireNonNull(context);
  }

  private Channel channel() {
    return ctx().channel();
  }
}
