package dev.recall.edge;

import dev.recall.config.Budget;
import dev.recall.config.Deadlines;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who is at the other end of a connection: what he makes the node hold, and what he owes. Used on
 * the event loop of the connection alone.
 */
final class Peer {

  private static final int BASE = Budget.CONNECTION_BYTES;

  /** What is held besides, in bytes, of HTTP/2 and of each of its streams. */
  private static final int HTTP2 = 49_152;

  private static final int STREAM = 32_768;

  /** A peer that resets what it asks may have more in work than are open: at most so many. */
  private static final int MAX_EXCHANGES = 64;

  private static final int STALL_MILLIS = 1_000;

  private final Connection connection;
  private final Connections all;
  private final List<Exchange> exchanges = new ArrayList<>(1);
  private @Nullable Exchange current;
  private boolean gone;
  private long held;
  private long sinceMillis;

  Peer(Connection connection, Connections all) {
    this.connection = connection;
    this.all = all;
    sinceMillis = all.nowMillis();
  }

  void connected() {
    all.add(this);
    hold(BASE);
  }

  void speaksHttp2() {
    hold(BASE + HTTP2);
  }

  /** A part of a header has come; the first where {@code first}. */
  void beginsRequest(boolean first, long weight) {
    if (first) {
      sinceMillis = all.nowMillis();
    }
    hold(BASE + weight);
  }

  /** A request is given to its route. */
  void begin(HttpServerRequest request) {
    Exchange exchange = new Exchange(this, request);
    exchanges.add(exchange);
    all.progress(this);
    long weight = connection.begin(request);
    if (isHttp1()) {
      current = exchange;
      hold(BASE + weight);
    } else {
      hold(held + STREAM);
      if (exchanges.size() > MAX_EXCHANGES) {
        cut(Cut.STREAMS);
      }
    }
  }

  /** Whether a request of HTTP/1 is not over yet. */
  boolean isServed() {
    return current != null;
  }

  /** Whether the next part of a request can be handed on: the rest of this one, or a new one. */
  boolean takesMore() {
    return !gone && (current == null || !current.request().isEnded());
  }

  /** That of a request, or one that holds nothing where it is over. */
  Exchange exchange(HttpServerRequest request) {
    if (current != null) {
      return current;
    }
    for (Exchange exchange : exchanges) {
      if (exchange.request().streamId() == request.streamId() && !exchange.isAnswered()) {
        return exchange;
      }
    }
    return new Exchange(this, request);
  }

  /** Whether it is one of his that is not over: what it holds is given back. */
  boolean has(Exchange exchange) {
    return exchanges.contains(exchange);
  }

  /** An answer is on its way; the last one where {@code last}. */
  void answered(boolean last) {
    if (last && !gone) {
      sinceMillis = all.nowMillis();
      connection.linger();
    }
    leaveCurrent();
    connection.goOn();
  }

  void leaveCurrent() {
    if (current != null && current.isAnswered() && current.request().isEnded()) {
      if (current.isOver()) {
        exchanges.remove(current);
      }
      current = null;
      sinceMillis = all.nowMillis();
      hold(BASE + connection.retained());
    }
  }

  /** The answer is written, or is not going to be. */
  void written(Exchange exchange, boolean failed) {
    if (failed && isHttp1()) {
      cut(Cut.WRITE);
      return;
    }
    connection.written();
    if (isHttp1()) {
      if (exchange.isOver()) {
        exchanges.remove(exchange);
      }
    } else if (exchanges.remove(exchange)) {
      hold(held - STREAM);
    }
    progress();
  }

  void progress() {
    sinceMillis = all.nowMillis();
    all.progress(this);
  }

  void bodyProgress() {
    connection.bodyProgress();
  }

  /** Its socket takes no more, or does again. */
  void stuck(boolean is) {
    Pool outbound = edge().outbound();
    if (is) {
      all.stuck().add(this);
      outbound.take(Exchange.PIECE, () -> all.shedStuck(this));
    } else if (all.stuck().remove(this)) {
      outbound.give(Exchange.PIECE);
    }
  }

  private void hold(long bytes) {
    if (gone || bytes == held) {
      return;
    }
    long more = bytes - held;
    held = bytes;
    if (more < 0) {
      edge().connections().give(-more);
    } else if (!edge().connections().take(more, () -> all.shed(this))) {
      cut(Cut.CONNECTIONS);
    }
  }

  /** Closes the connection at once, whatever is not written. */
  void cut(Cut cause) {
    if (!gone) {
      edge().count(cause);
      close();
    }
  }

  void close() {
    leave();
    connection.close();
  }

  /** Gives back all that is held. */
  void leave() {
    if (gone) {
      return;
    }
    gone = true;
    all.remove(this);
    edge().connections().give(held);
    stuck(false);
    exchanges.forEach(Exchange::release);
    connection.release();
  }

  /** Cuts what is past a deadline. */
  void sweep(long nowMillis) {
    Deadlines.Peers deadlines = edge().deadlines();
    for (Exchange exchange : List.copyOf(exchanges)) {
      Cut missed = exchange.missed(nowMillis, deadlines);
      if (missed != null && !gone) {
        exchange.cut(missed);
      }
    }
    if (!gone && exchanges.isEmpty()) {
      sweepIdle(nowMillis - sinceMillis, deadlines);
    }
  }

  private void sweepIdle(long waited, Deadlines.Peers deadlines) {
    if (connection.lingers()) {
      if (waited > deadlines.linger().toMillis()) {
        close();
      }
    } else if (isHttp1() && !connection.isBetweenRequests()) {
      if (waited > deadlines.header().toMillis()) {
        cut(Cut.HEADER);
      }
    } else if (waited > deadlines.idle().toMillis()) {
      close();
    }
  }

  /** Whether it is he who is waited for. */
  boolean isOwing() {
    for (Exchange exchange : exchanges) {
      if (exchange.isWaitingForUs()) {
        return false;
      }
    }
    return true;
  }

  boolean isStalled() {
    for (Exchange exchange : exchanges) {
      if (exchange.isStalled(STALL_MILLIS)) {
        return true;
      }
    }
    return false;
  }

  Connections all() {
    return all;
  }

  boolean isGone() {
    return gone;
  }

  boolean isHttp1() {
    return !connection.isHttp2();
  }

  Edge edge() {
    return all.edge();
  }

  long nowMillis() {
    return all.nowMillis();
  }
}
