package dev.recall.edge;

import dev.recall.config.Deadlines;
import dev.recall.failure.Failure;
import io.vertx.core.Completable;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer: what they hold of the budgets of their port, and since when who waits
 * for whom. Used on the event loop of its connection alone.
 */
public final class Exchange implements Completable<Void> {

  /** How much may stand before a socket that takes no more, in bytes. */
  static final int UNWRITABLE = 8_192;

  /**
   * How much of an answer is handed over at once, in bytes. A longer one is counted, and ends only
   * when it is written; the piece itself is counted where the socket does not take it.
   */
  static final int PIECE = 32_768;

  /** The rest of a body that comes in vain is read so far, and the connection goes on. */
  private static final int SWALLOWED = 65_536;

  /** For each chunked body: its trailers may be many small objects. */
  private static final int CHUNKED = 262_144;

  private static final int CANCEL = 8;
  private static final int NO_ERROR = 0;

  private enum Phase {
    ROUTE,
    BODY,
    ANSWER
  }

  private final Peer peer;
  private final HttpServerRequest request;
  private final long begunNanos;
  private RequestMeters.Route route;
  private Phase phase = Phase.ROUTE;
  private long sinceMillis;
  private long progressMillis;
  private long received;
  private long sent;
  private long bodyHeld;
  private long answerHeld;
  private boolean awaited;
  private boolean written;

  Exchange(Peer peer, HttpServerRequest request) {
    this.peer = peer;
    this.request = request;
    begunNanos = peer.edge().nanoTime();
    route = peer.edge().unrouted();
    enter(Phase.ROUTE);
  }

  /** That of a request. */
  public static Exchange of(HttpServerRequest request) {
    return Connection.peer(request.connection()).exchange(request);
  }

  /** A route takes it, which it is measured with. */
  public void routed(RequestMeters.Route taken) {
    route = taken;
  }

  /** It is answered with a problem. */
  void count(Failure problem) {
    peer.edge().meters().problem(problem);
  }

  /** The body is waited for. */
  public void awaitBody() {
    enter(Phase.BODY);
    if (peer.isGone()) {
      return; // nothing would be given back
    }
    awaited = true;
    peer.all().bodies().add(this);
    if (request.headers().contains(HttpHeaders.TRANSFER_ENCODING)) {
      holdBody(CHUNKED);
    }
  }

  /**
   * A part of the body is there, and will be kept until the request is answered.
   *
   * @return whether there is room for it
   */
  public boolean receive(int bytes) {
    received += bytes;
    peer.bodyProgress();
    return !peer.isGone() && holdBody(bytes);
  }

  /** The body is complete. */
  public void bodyEnded() {
    peer.all().bodies().remove(this);
    enter(Phase.ROUTE);
  }

  /** Answers without a body. */
  public Future<Void> end() {
    HttpServerResponse response = request.response();
    return answer(response, response::end);
  }

  /**
   * Answers.
   *
   * @return failed where the peer is not there any more; the connection is closed then
   */
  public Future<Void> end(Buffer body) {
    HttpServerResponse response = request.response();
    if (body.length() <= PIECE) {
      return answer(response, () -> response.end(body));
    }
    response.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length()));
    return answer(response, () -> pieces(response, body));
  }

  /**
   * Whether there is room for an answer of so many bytes until it is taken. Asked again, with what
   * it came to, it counts once.
   */
  public boolean hasRoom(int bytes) {
    if (peer.isGone() || !peer.has(this) || (bytes <= PIECE && answerHeld == 0)) {
      return true;
    }
    sent = bytes;
    long more = bytes - answerHeld;
    answerHeld = bytes;
    Pool answers = peer.edge().answers();
    peer.all().answers().add(this);
    if (!answers.take(more, () -> peer.all().shedAnswer(peer))) {
      releaseAnswer();
      return false;
    }
    return true;
  }

  private interface Send {
    Future<Void> begin();
  }

  private Future<Void> answer(HttpServerResponse response, Send send) {
    boolean last = peer.isHttp1() && !request.isEnded() && isUnreadable();
    if (last && !response.headWritten()) {
      response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    }
    Future<Void> sending;
    try {
      sending = send.begin();
    } catch (IllegalStateException closed) {
      sending = Future.failedFuture(closed); // so says HTTP/2 of a stream that was reset
    }
    enter(Phase.ANSWER);
    peer.answered(last);
    return sending.onComplete(this);
  }

  // What stands before the socket is copied out of the heap: the rest waits as it is, in Vert.x'
  // own queue. A server that shuts down closes a connection whose response has ended, whether it
  // was written or not: this one ends when it was.
  private Future<Void> pieces(HttpServerResponse response, Buffer body) {
    Future<Void> last = Future.succeededFuture();
    for (int from = 0; from < body.length(); from += PIECE) {
      last = response.write(body.slice(from, Math.min(from + PIECE, body.length())));
      last.onSuccess(taken -> progress());
    }
    return last.compose(taken -> response.end());
  }

  private void progress() {
    progressMillis = peer.nowMillis();
    peer.progress();
  }

  /** Called when the answer is written, or cannot be. */
  @Override
  public void complete(@Nullable Void nothing, @Nullable Throwable failure) {
    written = true;
    route.answered(request.response().getStatusCode(), peer.edge().nanoTime() - begunNanos);
    release();
    if (!peer.isHttp1() && (failure != null || !request.isEnded())) {
      request.response().reset(failure == null ? NO_ERROR : CANCEL);
    }
    peer.written(this, failure != null);
  }

  // Who expects 100 may send the body all the same, or the next request.
  private boolean isUnreadable() {
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    return request.headers().contains(HttpHeaders.TRANSFER_ENCODING)
        || request.headers().contains(HttpHeaders.EXPECT)
        || (length != null && (length.length() > 9 || Integer.parseInt(length) > SWALLOWED));
  }

  private boolean holdBody(long bytes) {
    bodyHeld += bytes;
    return peer.edge().bodies().take(bytes, () -> peer.all().shedBody(peer));
  }

  /** Gives back all that is held. */
  void release() {
    if (awaited) {
      awaited = false;
      peer.all().bodies().remove(this);
    }
    if (bodyHeld > 0) {
      peer.edge().bodies().give(bodyHeld);
      bodyHeld = 0;
    }
    releaseAnswer();
  }

  private void releaseAnswer() {
    if (answerHeld > 0) {
      peer.all().answers().remove(this);
      peer.edge().answers().give(answerHeld);
      answerHeld = 0;
    }
  }

  private void enter(Phase next) {
    phase = next;
    sinceMillis = peer.nowMillis();
    progressMillis = sinceMillis;
  }

  HttpServerRequest request() {
    return request;
  }

  boolean isWaitingForUs() {
    return phase == Phase.ROUTE;
  }

  Peer peer() {
    return peer;
  }

  boolean isStalled(long forMillis) {
    return answerHeld > 0
        && phase == Phase.ANSWER
        && peer.nowMillis() - progressMillis >= forMillis;
  }

  boolean isAnswered() {
    return phase == Phase.ANSWER;
  }

  /** Whether nothing is left to read or write. */
  boolean isOver() {
    return written && request.isEnded();
  }

  /** Which deadline it has missed; null where none. */
  @Nullable Cut missed(long nowMillis, Deadlines.Peers deadlines) {
    long took = nowMillis - sinceMillis;
    long grace = deadlines.grace().toMillis();
    return switch (phase) {
      case ROUTE -> took > deadlines.request().toMillis() ? Cut.REQUEST : null;
      case BODY -> took > grace + 1000 * received / deadlines.bodyPace() ? Cut.BODY : null;
      case ANSWER -> {
        if (written) { // only what comes in vain is left
          yield took > grace ? Cut.BODY : null;
        }
        boolean late = took > grace + 1000 * sent / deadlines.answerPace();
        yield late || nowMillis - progressMillis > grace ? Cut.ANSWER : null;
      }
    };
  }

  /** Ends it, and on HTTP/1 its peer. */
  void cut(Cut cause) {
    if (peer.isHttp1()) {
      peer.cut(cause);
    } else {
      peer.edge().count(cause);
      request.response().reset(CANCEL);
      release();
      peer.written(this, false);
    }
  }
}
