package dev.recall.origin;

import dev.recall.api.ComputeApi.Made;
import dev.recall.config.Definition;
import dev.recall.config.OriginUrl;
import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import dev.recall.loop.Heard;
import dev.recall.loop.HostAddress;
import dev.recall.loop.OwnContext;
import dev.recall.loop.Trace;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One question to an origin: bounded in time and in bytes, whatever the origin does. It is asked a
 * second time where the connection broke before a byte of an answer came, which happens to those
 * that were kept open; and never otherwise.
 */
final class Call {

  private static final int OK = 200;
  private static final String REQUEST_ID = "x-request-id";

  /** How much of what is no result is read to its end, so that the connection can be kept. */
  private static final long MAX_PASSED = 1 << 16;

  private final Vertx vertx;
  private final HttpClient client;
  private final Origins origins;
  private final Origin origin;
  private final String input;
  private final String requestId;
  private final Duration timeout;
  private final Promise<Made> made;
  private final String trace = Trace.current();
  private @Nullable HttpClientRequest request;
  private @Nullable Heard heard;
  private long heardBefore;
  private long timer;
  private long held;
  private long passed;
  private boolean again;
  private boolean served;
  private boolean over;

  /**
   * A question that is not asked yet.
   *
   * @param timeout longest time for the whole of it
   */
  Call(
      Vertx vertx,
      HttpClient client,
      Origins origins,
      Origin origin,
      String input,
      String requestId,
      Duration timeout) {
    this.vertx = vertx;
    this.client = client;
    this.origins = origins;
    this.origin = origin;
    this.input = input;
    this.requestId = requestId;
    this.timeout = timeout;
    made = OwnContext.promise(vertx);
  }

  /** The result, or a {@link FailureException}. */
  Future<Made> begin() {
    timer = vertx.setTimer(timeout.toMillis(), late -> end(late()));
    send();
    return made.future().onComplete(told -> origins.giveBack(held));
  }

  /** Whether the origin answered, and not that it cannot. */
  boolean isServed() {
    return served;
  }

  private FailureException late() {
    return Failure.TIMED_OUT.because(
        "the origin does not answer within " + timeout.toMillis() + " ms");
  }

  private void send() {
    OriginUrl url = url();
    Future.succeededFuture()
        .compose(now -> HostAddress.of(vertx, url.host())) // what is thrown fails, too
        .compose(address -> connect(url, address))
        .compose(this::ask)
        .onComplete(
            (response, failure) -> {
              if (failure == null) {
                guarded(() -> read(response));
              } else {
                failed(failure);
              }
            });
  }

  private OriginUrl url() {
    return origin.definition().url().orElseThrow();
  }

  private Future<HttpClientRequest> connect(OriginUrl url, InetAddress address) {
    if (isOver() || isForbidden(origins.allow(address))) {
      return Future.failedFuture("it is not asked");
    }
    return client.request(
        new RequestOptions()
            .setMethod(HttpMethod.GET)
            .setServer(HostAddress.withoutName(address, url.port()))
            .setSsl(url.isTls())
            .setHost(url.host())
            .setPort(url.port())
            .setURI(url.target(input)));
  }

  private boolean isOver() {
    return made.future().isComplete();
  }

  /** Whether an address is not to be asked, which ends the call. */
  private boolean isForbidden(boolean allowed) {
    if (!origin.isChecked() || allowed) {
      return false;
    }
    end(Answer.failed("origins.allow does not permit the address of the origin"));
    return true;
  }

  // Before a byte of it is sent: what counts is the address that is really connected to.
  private Future<HttpClientResponse> ask(HttpClientRequest connected) {
    if (isOver()) {
      connected.exceptionHandler(reset -> {}).reset(); // it comes too late, and would be nobody's
      return Future.failedFuture("it is not asked");
    }
    request = connected;
    if (isForbidden(isAllowed(connected.connection().remoteAddress()))) {
      return Future.failedFuture("it is not asked");
    }
    heard = Heard.on(connected.connection());
    heardBefore = heard.times();
    Definition definition = origin.definition();
    connected
        .putHeader(HttpHeaders.ACCEPT, definition.type())
        .putHeader(HttpHeaders.ACCEPT_ENCODING, "identity")
        .putHeader(REQUEST_ID, requestId);
    if (!trace.isEmpty()) {
      connected.putHeader(Trace.HEADER, trace);
    }
    definition.headers().ifPresent(headers -> headers.byName().forEach(connected::putHeader));
    return connected.send();
  }

  private boolean isAllowed(@Nullable SocketAddress address) {
    try {
      return address != null
          && address.hostAddress() != null
          && origins.allow(InetAddress.getByName(address.hostAddress()));
    } catch (UnknownHostException never) { // of an address nobody is asked
      return false;
    }
  }

  private void read(HttpClientResponse response) {
    served = response.statusCode() < 500;
    Answer answer = new Answer(origin.definition(), response, origins.clock());
    Buffer body = Buffer.buffer();
    response
        .exceptionHandler(broken -> end(Answer.failed("the origin's answer broke off")))
        .handler(chunk -> guarded(() -> keep(answer, body, chunk)))
        .endHandler(end -> guarded(() -> finish(answer, body)));
    try {
      answer.requireResult();
    } catch (FailureException refused) {
      made.tryFail(refused);
      if (response.statusCode() == OK) {
        hangUp();
      }
    }
  }

  private void finish(Answer answer, Buffer body) {
    over = true;
    vertx.cancelTimer(timer);
    if (!isOver()) {
      made.tryComplete(answer.result(body));
    }
  }

  private void keep(Answer answer, Buffer body, Buffer chunk) {
    if (isOver()) {
      passed += chunk.length();
      if (passed > MAX_PASSED) {
        hangUp();
      }
      return;
    }
    answer.requireLength(body.length() + chunk.length());
    if (!origins.take(chunk.length())) {
      throw Failure.OVERLOADED.because("too many answers of origins are on their way");
    }
    held += chunk.length();
    body.appendBuffer(chunk);
  }

  private void guarded(Runnable work) {
    try {
      work.run();
    } catch (FailureException refused) {
      end(refused);
    }
  }

  private void failed(Throwable failure) {
    boolean broke = failure instanceof HttpClosedException || failure instanceof IOException;
    boolean unheard = heard != null && heard.times() == heardBefore;
    if (broke && unheard && !again && !isOver()) {
      again = true;
      send();
    } else {
      end(Answer.failed("the origin cannot be asked: " + why(failure)));
    }
  }

  // Names and addresses of the origin are its operator's affair.
  private static String why(Throwable failure) {
    if (failure instanceof ConnectException) {
      return "it refuses connections";
    }
    if (failure instanceof UnknownHostException) {
      return "its name is not known";
    }
    if (failure instanceof javax.net.ssl.SSLException) {
      return "TLS fails";
    }
    return "the connection fails";
  }

  private void end(FailureException failure) {
    made.tryFail(failure);
    hangUp();
  }

  /** What is not read to its end is of no use to the next one. */
  private void hangUp() {
    vertx.cancelTimer(timer);
    if (request != null && !over) {
      over = true;
      request.reset();
    }
  }
}
