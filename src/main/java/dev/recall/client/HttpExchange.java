package dev.recall.client;

import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One request over HTTP and its answer, within a deadline; past it the node is told to stop. */
final class HttpExchange {

  /** The longest answer, in bytes: longer than any that a node gives. */
  static final int MAX_ANSWER = 64 << 20;

  private final Duration deadline;
  private @Nullable HttpClientRequest begun;
  private boolean over;

  HttpExchange(Duration deadline) {
    this.deadline = deadline;
  }

  /**
   * Sends it.
   *
   * @return failed as a {@link FailureException}, or as {@link LostConnection}
   */
  Future<HttpAnswer> of(HttpClient client, RequestOptions options, Buffer body) {
    return Work.begun(() -> client.request(options)) // which throws where it is closed
        .recover(unreachable -> Future.failedFuture(unreachable(unreachable)))
        .compose(request -> send(request, body))
        .timeout(deadline.toMillis(), TimeUnit.MILLISECONDS)
        .recover(failure -> Future.failedFuture(ended(failure)));
  }

  private static Throwable unreachable(Throwable why) {
    return Failure.NO_SERVER.because("no connection: " + why.getMessage());
  }

  private Future<HttpAnswer> send(HttpClientRequest request, Buffer body) {
    if (!begins(request)) {
      return Future.failedFuture(new TimeoutException());
    }
    return request
        .send(body)
        .compose(
            response ->
                body(response)
                    .map(all -> new HttpAnswer(response.statusCode(), response.headers(), all)))
        .recover(
            failure ->
                Future.failedFuture(
                    failure instanceof FailureException ? failure : new LostConnection(failure)));
  }

  // The connection may be there when nobody waits for it any more.
  private synchronized boolean begins(HttpClientRequest request) {
    if (over) {
      request.reset();
    } else {
      begun = request;
    }
    return !over;
  }

  private synchronized Throwable ended(Throwable failure) {
    over = true;
    if (!(failure instanceof TimeoutException)) {
      return failure;
    }
    if (begun != null) {
      begun.reset();
    }
    return Failure.TIMED_OUT.because("no answer within " + deadline.toMillis() + " ms");
  }

  private static Future<Buffer> body(HttpClientResponse response) {
    Buffer all = Buffer.buffer();
    Promise<Buffer> whole = Promise.promise();
    response.handler(
        part -> {
          if (all.length() + part.length() <= MAX_ANSWER) {
            all.appendBuffer(part);
          } else if (whole.tryFail(
              Failure.RESULT_TOO_LARGE.because("the answer has more than 64 MiB"))) {
            response.request().reset();
          }
        });
    response.exceptionHandler(whole::tryFail);
    response.endHandler(end -> whole.tryComplete(all));
    return whole.future();
  }
}
