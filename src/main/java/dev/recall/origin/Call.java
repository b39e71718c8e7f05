package dev.recall.origin;

import dev.recall.api.ComputeApi.Made;
import dev.recall.config.Definition;
import dev.recall.config.OriginUrl;
import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
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
import io.vertx.core.http.StreamResetException;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One question to an origin: bounded in time and in bytes, whatever the origin does. It is asked a
 * second time where the connection broke before an answer began, which happens to those that were
 * kept open; and never otherwise.
 */
final class Call {

  private static final String REQUEST_ID = "x-request-id";

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
  private long held;
  private boolean again;
  private boolean served;

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
    long timer = vertx.setTimer(timeout.toMillis(), late -> end(late()));
    send();
    return made.future()
        .onComplete(
            over -> {
              vertx.cancelTimer(timer);
              origins.giveBack(held);
            });
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
    client
        .request(
            new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setSsl(url.isTls())
                .setHost(url.host())
                .setPort(url.port())
                .setURI(url.target(input)))
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

  // Before a byte of it is sent: a name may mean another address than when it was looked at.
  private Future<HttpClientResponse> ask(HttpClientRequest connected) {
    request = connected;
    if (made.future().isComplete() || (origin.isChecked() && !isAllowed(connected))) {
      end(Answer.failed("origins.allow does not permit the address of the origin"));
      return Future.failedFuture("it is not asked");
    }
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

  private boolean isAllowed(HttpClientRequest connected) {
    SocketAddress remote = connected.connection().remoteAddress();
    try {
      return remote != null
          && remote.hostAddress() != null
          && origins.allow(InetAddress.getByName(remote.hostAddress()));
    } catch (UnknownHostException never) { // of an address nobody is asked
      return false;
    }
  }

  private void read(HttpClientResponse response) {
    served = response.statusCode() < 500;
    Answer answer = new Answer(origin.definition(), response);
    Buffer body = Buffer.buffer();
    response
        .exceptionHandler(broken -> end(Answer.failed("the origin's answer broke off")))
        .handler(chunk -> guarded(() -> keep(answer, body, chunk)))
        .endHandler(end -> guarded(() -> made.tryComplete(answer.result(body))));
    answer.requireResult();
  }

  private void keep(Answer answer, Buffer body, Buffer chunk) {
    if (made.future().isComplete()) {
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
    boolean broke =
        failure instanceof HttpClosedException || failure instanceof StreamResetException;
    boolean reset = failure instanceof IOException && !(failure instanceof ConnectException);
    if (request != null && (broke || reset) && !again && !made.future().isComplete()) {
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

  /** What is not read to its end is of no use to the next one. */
  private void end(FailureException failure) {
    if (made.tryFail(failure) && request != null) {
      request.reset();
    }
  }
}
