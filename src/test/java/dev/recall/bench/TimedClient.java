package dev.recall.bench;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Asks for things at once, and notes when each is answered. */
final class TimedClient implements AutoCloseable {

  private static final long LONGEST_SECONDS = 30;

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  private final HttpClientAgent http;

  /**
   * A client that has no connections yet; those that it opens are kept.
   *
   * @param callers that may ask at once
   */
  TimedClient(int callers) {
    http = vertx.createHttpClient(new PoolOptions().setHttp1MaxSize(callers));
  }

  /** When one was asked and answered, as {@link System#nanoTime()}. */
  record Answer(long asked, long answered) {}

  /**
   * Asks for all at once, each on a connection of its own, and waits for all answers.
   *
   * @throws IOException where one of them is none, or not 200
   */
  List<Answer> ask(List<URI> targets) throws IOException, InterruptedException {
    Promise<List<Answer>> answers = Promise.promise();
    vertx.runOnContext(
        now ->
            Future.all(targets.stream().map(this::ask).toList())
                .map(all -> all.<Answer>list())
                .onComplete(answers));
    try {
      return answers
          .future()
          .toCompletionStage()
          .toCompletableFuture()
          .get(LONGEST_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException failed) {
      throw new IOException(targets.get(0) + " was not answered", failed);
    }
  }

  private Future<Answer> ask(URI target) {
    long asked = System.nanoTime();
    return http.request(
            new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setHost(target.getHost())
                .setPort(target.getPort())
                .setURI(target.getPath()))
        .compose(HttpClientRequest::send)
        .compose(TimedClient::end)
        .map(end -> new Answer(asked, System.nanoTime()));
  }

  private static Future<Void> end(HttpClientResponse response) {
    return response.statusCode() == 200
        ? response.end()
        : Future.failedFuture("status " + response.statusCode());
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
