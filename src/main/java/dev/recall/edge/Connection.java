package dev.recall.edge;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.AttributeKey;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.core.net.impl.VertxHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One connection, from the moment it is accepted: the first to see what its peer sends. It hands
 * that on as {@link Input} cuts it, one request at a time and only while the peer takes answers, so
 * that what is not served yet waits in the peer's own buffers; and it is what is closed.
 */
final class Connection extends ChannelInboundHandlerAdapter {

  private static final AttributeKey<Connection> KEY = AttributeKey.valueOf("recall.connection");

  /** What Netty and Vert.x hold for a connection, and for a usual request of it; as measured. */
  private static final int BASE = 12_288;

  private static final int HTTP2 = 49_152;
  private static final int STREAM = 32_768;

  /** A peer that resets what it asks may have more in work than are open: at most so many. */
  private static final int MAX_EXCHANGES = 64;

  private static final int PARTS_A_TURN = 16;
  private static final int MAX_LINGER_BYTES = 1 << 20;

  /** Of HTTP/2 frames that neither begin a request nor bring a body: windows, settings, pings. */
  private static final int MAX_UNASKED_BYTES = 65_536;

  private static final int STALL_MILLIS = 1_000;

  private final Input input = new Input();
  private final List<Exchange> exchanges = new ArrayList<>(1);
  private @Nullable ChannelHandlerContext context;
  private @Nullable Connections all;
  private @Nullable Exchange current;
  private boolean http2;
  private boolean lingers;
  private boolean feeding;
  private boolean reading;
  private boolean stuck;
  private boolean gone;
  private boolean told;
  private long held;
  private long swallowed;
  private long unasked;
  private long sinceMillis;

  /** That of a connection as Vert.x knows it. */
  static Connection of(HttpConnection http) {
    Connection connection = ((ConnectionBase) http).channel().attr(KEY).get();
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
      connection.hold(BASE + HTTP2);
    }
  }

  // Vert.x has put its own handler into the pipeline by now; its context tells whose server it is.
  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    VertxHandler<?> vertx = ctx.pipeline().get(VertxHandler.class);
    Connections here =
        vertx == null ? null : vertx.getConnection().context().get(Connections.class);
    if (here == null) {
      ctx.pipeline().remove(this); // the event bus has its own
      ctx.fireChannelActive();
      return;
    }
    context = ctx;
    all = here;
    ctx.channel().attr(KEY).set(this);
    here.add(this);
    sinceMillis = here.nowMillis();
    hold(BASE);
    ctx.fireChannelActive();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    if (lingers || gone) {
      swallow(bytes);
      return;
    }
    unasked += bytes.readableBytes();
    if (http2 && unasked > MAX_UNASKED_BYTES) {
      bytes.release();
      cut(Cut.FRAMES);
      return;
    }
    reading = true;
    input.add(bytes);
    feed();
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    reading = false;
    ctx.fireChannelReadComplete();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (stuck == ctx.channel().isWritable() && !gone) {
      stuck = !stuck;
      boolean full = edge().outboundBytes(stuck ? Exchange.PIECE : -Exchange.PIECE);
      if (stuck && full) {
        shed(Cut.ANSWERS, other -> other.stuck);
      }
    }
    ctx.fireChannelWritabilityChanged();
    feed();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    forget();
    tellGone();
  }

  // What the decoder holds is free only then, and many may be cut before one of them is closed.
  private void tellGone() {
    if (!told && !feeding) {
      told = true;
      ctx().fireChannelInactive();
    }
  }

  // A request that is answered at once comes back here while it is handed on: the loop goes on.
  private void feed() {
    if (feeding || gone || all == null) {
      return;
    }
    feeding = true;
    int parts = 0;
    try {
      while (input.hasMore() && takesMore() && parts < PARTS_A_TURN) {
        parts++;
        feedNext();
      }
    } finally {
      feeding = false;
    }
    if (gone) {
      tellGone();
      return;
    }
    if (parts > 0 && !reading) {
      ctx().fireChannelReadComplete();
    }
    if (parts == PARTS_A_TURN) {
      ctx().executor().execute(this::feed); // the others first
    }
    input.readWhileEmpty(channel());
  }

  private void feedNext() {
    boolean began = !input.isBetweenRequests();
    input.handOn(ctx(), http2, current == null);
    if (current != null) {
      leaveCurrent();
    } else if (!input.isBetweenRequests() && !gone) {
      sinceMillis = began ? sinceMillis : nowMillis();
      hold(BASE + input.partialWeight());
    }
  }

  private boolean takesMore() {
    if (lingers || gone) {
      return false;
    }
    boolean served = http2 || current == null || !current.request().isEnded();
    return served && channel().isWritable();
  }

  /** A request is given to its route. */
  void begin(HttpServerRequest request) {
    unasked = 0;
    Exchange exchange = new Exchange(this, request);
    exchanges.add(exchange);
    connections().progress(this);
    if (http2) {
      hold(held + STREAM);
      if (exchanges.size() > MAX_EXCHANGES) {
        cut(Cut.STREAMS);
      }
    } else {
      current = exchange;
      hold(BASE + input.begin(request));
    }
  }

  /** That of a request, or one that holds nothing where it is over. */
  Exchange exchange(HttpServerRequest request) {
    if (!http2 && current != null) {
      return current;
    }
    for (Exchange exchange : exchanges) {
      if (exchange.request().streamId() == request.streamId() && !exchange.isAnswered()) {
        return exchange;
      }
    }
    return new Exchange(this, request);
  }

  /** The answer is on its way; the last one where {@code last}. */
  void answered(Exchange exchange, boolean last) {
    if (last) {
      lingers = true;
      sinceMillis = nowMillis();
      input.release();
      channel().config().setAutoRead(true);
    }
    leaveCurrent();
    feed();
  }

  private void leaveCurrent() {
    if (current != null && current.isAnswered() && current.request().isEnded()) {
      Exchange left = current;
      current = null;
      sinceMillis = nowMillis();
      hold(BASE + input.end());
      if (left.isOver()) {
        exchanges.remove(left);
      }
    }
  }

  /** The answer is written, or is not going to be. */
  void written(Exchange exchange, boolean failed) {
    if (failed && !http2) {
      cut(Cut.WRITE);
      return;
    }
    if (lingers && channel() instanceof DuplexChannel duplex) {
      ChannelFuture unused = duplex.shutdownOutput();
    }
    if ((http2 || exchange.isOver()) && exchanges.remove(exchange) && http2) {
      hold(held - STREAM);
    }
    if (!gone) {
      progress();
    }
  }

  private void swallow(ByteBuf bytes) {
    swallowed += bytes.readableBytes();
    bytes.release();
    if (swallowed > MAX_LINGER_BYTES) {
      close();
    }
  }

  private void hold(long bytes) {
    if (gone || bytes == held) {
      return;
    }
    boolean full = edge().connectionBytes(bytes - held) && bytes > held;
    held = bytes;
    while (full && shed(Cut.CONNECTIONS, Connection::isOwing)) {
      full = edge().connectionBytes(0);
    }
    if (full) {
      cut(Cut.CONNECTIONS);
    }
  }

  void bodyProgress() {
    unasked = 0;
  }

  /** Cuts another one that has owed longest; whether there is one. */
  boolean shed(Cut cause, Predicate<Connection> those) {
    return connections().shed(cause, this, those);
  }

  void progress() {
    sinceMillis = nowMillis();
    connections().progress(this);
  }

  /** Closes it at once, written or not. */
  void cut(Cut cause) {
    if (!gone) {
      edge().count(cause);
      close();
    }
  }

  // Not through the pipeline: Vert.x would first write what the peer does not take.
  private void close() {
    forget();
    ChannelFuture unused = ctx().close();
    tellGone();
  }

  private void forget() {
    if (gone || all == null) {
      return;
    }
    all.remove(this);
    edge().connectionBytes(-held);
    if (stuck) {
      edge().outboundBytes(-Exchange.PIECE);
    }
    gone = true;
    exchanges.forEach(Exchange::release);
    input.release();
  }

  /** Cuts what is past a deadline. */
  void sweep(long nowMillis) {
    Deadlines deadlines = edge().deadlines();
    long waited = nowMillis - sinceMillis;
    for (Exchange exchange : List.copyOf(exchanges)) {
      Cut missed = exchange.missed(nowMillis, deadlines);
      if (missed != null && !gone) {
        exchange.cut(missed);
      }
    }
    if (gone || !exchanges.isEmpty()) {
      return;
    }
    if (lingers) {
      if (waited > deadlines.linger().toMillis()) {
        close();
      }
    } else if (!http2 && !input.isBetweenRequests()) {
      if (waited > deadlines.header().toMillis()) {
        cut(Cut.HEADER);
      }
    } else if (waited > deadlines.idle().toMillis()) {
      close();
    }
  }

  private boolean isOwing() {
    return exchanges.stream().noneMatch(Exchange::isWaitingForUs);
  }

  boolean isReadingBody() {
    return exchanges.stream().anyMatch(Exchange::isReadingBody);
  }

  boolean isStalled() {
    return exchanges.stream().anyMatch(exchange -> exchange.isStalled(STALL_MILLIS));
  }

  boolean isHttp1() {
    return !http2;
  }

  Edge edge() {
    return connections().edge();
  }

  long nowMillis() {
    return connections().nowMillis();
  }

  private Connections connections() {
    return Objects.requireNonNull(all);
  }

  private ChannelHandlerContext ctx() {
    return Objects.requireNonNull(context);
  }

  private Channel channel() {
    return ctx().channel();
  }
}
