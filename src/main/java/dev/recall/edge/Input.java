package dev.recall.edge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpRequest;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a connection has received and not handed on, and where to cut it: a request becomes some 400
 * bytes of objects when it is decoded, and each of its lines 200, so that a read of 4 KiB may be
 * many times as long. A header is handed on when its blank line is there, a body up to its length.
 */
final class Input {

  /** Vert.x' name for what decodes HTTP/1. */
  static final String DECODER = "httpDecoder";

  /** Vert.x' name for what would upgrade HTTP/1 to HTTP/2. */
  private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");

  private static final String UPGRADE = "h2c";

  /** The most that is handed on where it is not known where a request ends. */
  private static final int SLICE = 256;

  /** A header that is longer is handed on as it is, to be refused. */
  private static final int MAX_HEADER = Edge.MAX_LINE_BYTES + Edge.MAX_HEADER_BYTES;

  /** How often a byte of a header is held, and what a header line costs beside that. */
  private static final int COPIES = 3;

  private static final int LINE = 200;

  /** The weight of a usual header, which is not counted. */
  private static final int USUAL = 8_192;

  private final Deque<ByteBuf> waiting = new ArrayDeque<>(2);
  private @Nullable ByteBuf partial;
  private boolean known;
  private boolean reads = true;
  private int headerBytes;
  private int headerLines;
  private int lineBytes;
  private long bodyBytes;
  private long retained;

  void add(ByteBuf bytes) {
    waiting.add(bytes);
  }

  boolean hasMore() {
    return !waiting.isEmpty();
  }

  /** Whether no header has begun. */
  boolean isBetweenRequests() {
    return partial == null;
  }

  /** Hands on the next part. */
  void handOn(ChannelHandlerContext ctx, boolean http2, boolean inHeader) {
    ByteBuf first = waiting.element();
    if (http2) {
      ctx.fireChannelRead(waiting.remove());
    } else if (inHeader) {
      header(ctx, first);
    } else {
      int length = (int) Math.min(first.readableBytes(), bodyBytes > 0 ? bodyBytes : SLICE);
      bodyBytes -= Math.min(length, bodyBytes);
      ctx.fireChannelRead(taken(first, length));
    }
  }

  private void header(ChannelHandlerContext ctx, ByteBuf bytes) {
    int length = throughBlankLine(bytes);
    boolean whole = length > 0;
    ByteBuf part = taken(bytes, whole ? length : bytes.readableBytes());
    headerBytes += part.readableBytes();
    if (!whole || partial != null) {
      // Into the heap: a buffer that was read may be much larger than what it holds.
      partial =
          (partial == null ? Unpooled.buffer(part.readableBytes()) : partial).writeBytes(part);
      part.release();
      part = partial;
    }
    if (whole || headerBytes > MAX_HEADER) {
      partial = null;
      sniff(ctx, part);
    }
  }

  private ByteBuf taken(ByteBuf first, int length) {
    return length >= first.readableBytes() ? waiting.remove() : first.readRetainedSlice(length);
  }

  // Byte by byte until it is known: what follows must find no upgrade to HTTP/2.
  private void sniff(ChannelHandlerContext ctx, ByteBuf header) {
    while (!known && header.readableBytes() > 1) {
      ctx.fireChannelRead(header.readRetainedSlice(1));
      known = ctx.pipeline().get(DECODER) != null;
      if (known) {
        ctx.pipeline().addBefore(UPGRADE, null, new NoUpgrade());
      }
    }
    ctx.fireChannelRead(header);
  }

  // Its length; 0 where there is none.
  private int throughBlankLine(ByteBuf bytes) {
    int line = bytes.readerIndex();
    int end = bytes.writerIndex();
    for (int at; (at = bytes.indexOf(line, end, (byte) '\n')) >= 0; line = at + 1) {
      headerLines++;
      lineBytes += textLength(bytes, line, at);
      boolean blank = lineBytes == 0;
      lineBytes = 0;
      if (blank) {
        return at + 1 - bytes.readerIndex();
      }
    }
    lineBytes += textLength(bytes, line, end);
    return 0;
  }

  private static int textLength(ByteBuf bytes, int from, int to) {
    return to - from - (to > from && bytes.getByte(to - 1) == '\r' ? 1 : 0);
  }

  /**
   * A header has ended.
   *
   * @return its weight
   */
  long begin(HttpServerRequest request) {
    final long weight =
        Math.max(0, (long) COPIES * headerBytes + (long) LINE * headerLines - USUAL);
    if (weight > 0) {
      // The decoder keeps a buffer of the longest line.
      retained = Math.max(retained, 2L * headerBytes);
    }
    headerBytes = 0;
    headerLines = 0;
    lineBytes = 0;
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    boolean plain = length != null && LENGTH.matcher(length).matches();
    bodyBytes = plain ? Long.parseLong(length) : 0;
    return weight;
  }

  /** What is kept of requests that are over, in bytes. */
  long retained() {
    return retained;
  }

  /** What a header that has not ended weighs, in bytes. */
  long partialWeight() {
    return partial == null ? 0 : 2L * partial.capacity();
  }

  /** Reads on while nothing waits here. */
  void readWhileEmpty(Channel channel) {
    if (reads != waiting.isEmpty()) {
      reads = !reads;
      channel.config().setAutoRead(reads);
    }
  }

  void release() {
    waiting.forEach(ByteBuf::release);
    waiting.clear();
    if (partial != null) {
      partial.release();
      partial = null;
    }
  }

  /**
   * An upgrade to HTTP/2 is not taken, which RFC 9110 leaves to a server: Vert.x' way leaks what
   * follows a request that it refuses. Who knows that HTTP/2 is spoken begins with it.
   */
  private static final class NoUpgrade extends ChannelInboundHandlerAdapter {

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      if (message instanceof HttpRequest request) {
        request.headers().remove(HttpHeaders.UPGRADE);
      }
      ctx.fireChannelRead(message);
      ctx.pipeline().remove(this);
    }
  }
}
