package dev.recall.edge;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpRequest;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What a connection has received and not handed on, and where to cut it: a request becomes some 400
 * bytes of objects when it is decoded, so that a read of 4 KiB may be 200 of them. A header is
 * handed on up to its blank line, a body up to its length.
 */
final class Input {

  /** Vert.x' name for what decodes HTTP/1. */
  static final String DECODER = "httpDecoder";

  /** Vert.x' name for what would upgrade HTTP/1 to HTTP/2. */
  private static final String UPGRADE = "h2c";

  /** The most that is handed on where it is not known where a request ends. */
  private static final int SLICE = 256;

  /** How often a byte of a header is held, and what a header line costs beside that. */
  private static final int COPIES = 3;

  private static final int LINE = 200;

  /** The weight of a usual header, which is not counted. */
  private static final int USUAL = 8_192;

  private final Deque<ByteBuf> waiting = new ArrayDeque<>(2);
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
    return headerBytes == 0;
  }

  /** The next part to hand on. */
  ByteBuf next(boolean http2, boolean inHeader) {
    ByteBuf first = waiting.element();
    int length = http2 ? first.readableBytes() : length(first, inHeader);
    return length >= first.readableBytes() ? waiting.remove() : first.readRetainedSlice(length);
  }

  private int length(ByteBuf bytes, boolean inHeader) {
    if (!known) {
      headerBytes++;
      lineBytes++;
      return 1;
    }
    if (inHeader) {
      int length = throughBlankLine(bytes);
      headerBytes += length;
      return length;
    }
    int length = (int) Math.min(bytes.readableBytes(), bodyBytes > 0 ? bodyBytes : SLICE);
    bodyBytes -= Math.min(length, bodyBytes);
    return length;
  }

  private int throughBlankLine(ByteBuf bytes) {
    int begin = bytes.readerIndex();
    int end = begin + Math.min(bytes.readableBytes(), 2 * SLICE);
    int line = begin;
    for (int at; (at = bytes.indexOf(line, end, (byte) '\n')) >= 0; line = at + 1) {
      headerLines++;
      lineBytes += textLength(bytes, line, at);
      boolean blank = lineBytes == 0;
      lineBytes = 0;
      if (blank) {
        return at + 1 - begin;
      }
    }
    lineBytes += textLength(bytes, line, end);
    return end - begin;
  }

  private static int textLength(ByteBuf bytes, int from, int to) {
    return to - from - (to > from && bytes.getByte(to - 1) == '\r' ? 1 : 0);
  }

  /** Looks whether it is HTTP/1: then no upgrade to HTTP/2 is offered. */
  void sniffed(ChannelPipeline pipeline) {
    if (!known && pipeline.get(DECODER) != null) {
      known = true;
      pipeline.addBefore(UPGRADE, null, new NoUpgrade());
    }
  }

  /**
   * A header has ended.
   *
   * @return its weight
   */
  long begin(HttpServerRequest request) {
    final long weight = headerWeight();
    if (weight > 0) {
      // The decoder keeps a buffer of the longest line.
      retained = Math.max(retained, 2L * headerBytes);
    }
    headerBytes = 0;
    headerLines = 0;
    lineBytes = 0;
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    boolean plain = length != null && length.matches("\\d{1,18}");
    bodyBytes = plain ? Long.parseLong(length) : 0;
    return weight;
  }

  /**
   * A request is over.
   *
   * @return what is kept of it
   */
  long end() {
    return retained;
  }

  /** What the header so far weighs beyond a usual one, in bytes. */
  long headerWeight() {
    return Math.max(0, (long) COPIES * headerBytes + (long) LINE * headerLines - USUAL);
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
