package dev.recall.http.kit;

import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/** A real server with the routes of a test, and a caller of it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OnServer {

  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client = vertx.createHttpClient();
  private final Consumer<Router> routes;
  private HttpServer server;

  OnServer(Consumer<Router> routes) {
    this.routes = routes;
  }

  @BeforeAll
  void listen() {
    Router router = Router.router(vertx);
    routes.accept(router);
    server = vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1").await();
  }

  @AfterAll
  void close() {
    vertx.close().await();
  }

  // On one context: a response may else have ended before another thread asks for its body.
  String get(String path, Consumer<HttpClientRequest> headers) {
    Promise<String> answer = Promise.promise();
    vertx.runOnContext(
        sending ->
            client
                .request(HttpMethod.GET, server.actualPort(), "127.0.0.1", path)
                .compose(
                    request -> {
                      headers.accept(request);
                      return request.send();
                    })
                .compose(HttpClientResponse::body)
                .map(Buffer::toString)
                .onComplete(answer));
    return answer.future().await();
  }
}
