package dev.recall.bench;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A backend that takes its time: {@code /after-50/x} is answered after 50 ms, and {@code
 * /after-0/x} at once, whatever {@code x} is.
 */
final class SlowOrigin implements AutoCloseable {

  private static final String AFTER = "after-";

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  private final AtomicInteger asked = new AtomicInteger();
  private final HttpServer server;

  /** One that answers, on any loopback port. */
  SlowOrigin() {
    server =
        vertx
            .createHttpServer()
            .requestHandler(this::answer)
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .join();
  }

  /** The first part of a path, and the name of a computation whose results it makes. */
  static String after(int ms) {
    return AFTER + ms;
  }

  int port() {
    return server.actualPort();
  }

  /** What its paths follow. */
  URI root() {
    return URI.create("http://127.0.0.1:" + port() + "/");
  }

  /** How often it was asked so far. */
  int asked() {
    return asked.get();
  }

  private void answer(HttpServerRequest request) {
    asked.incrementAndGet();
    String path = request.path();
    int begin = 1 + AFTER.length();
    int ms = Integer.parseInt(path.substring(begin, path.indexOf('/', begin)));
    if (ms == 0) {
      answerNow(request);
    } else {
      vertx.setTimer(ms, over -> answerNow(request));
    }
  }

  private static void answerNow(HttpServerRequest request) {
    request.response().putHeader(HttpHeaders.CONTENT_TYPE, "application/json").end(BareServer.BODY);
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
