package dev.recall.bench;

import dev.recall.testing.LoopbackPort;
import dev.recall.testing.NodeProcess;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.transport.Transport;
import java.io.IOException;
import java.util.Objects;
import java.util.stream.Stream;

/** What Recall is measured against: a Vert.x server that answers a constant and does nothing. */
public final class BareServer {

  /** The constant, in JSON. */
  static final String BODY = "{\"n\":10,\"result\":55,\"source\":\"cache\"}";

  /** What it says when it answers. */
  private static final String READY = "; it is ready";

  private BareServer() {}

  /** The server in a JVM of its own, with the flags of Recall. */
  static NodeProcess started() throws IOException {
    return NodeProcess.onJvm(Benchmarks.jvmFlags())
        .main(BareServer.class.getName(), System.getProperty("java.class.path"))
        .begun()
        .says(READY);
  }

  /** Listens on any loopback port, with the transport and the event loops of Recall. */
  public static void main(String[] arguments) throws IOException {
    int port = LoopbackPort.free();
    int loops = Runtime.getRuntime().availableProcessors();
    Transport transport =
        Stream.of(Transport.IO_URING, Transport.EPOLL)
            .filter(Objects::nonNull)
            .filter(Transport::available)
            .findFirst()
            .orElse(Transport.NIO);
    Vertx vertx =
        Vertx.builder()
            .with(new VertxOptions().setEventLoopPoolSize(loops))
            .withTransport(transport)
            .build();
    vertx
        .deployVerticle(() -> new Constant(port), new DeploymentOptions().setInstances(loops))
        .onSuccess(
            id ->
                System.out.printf(
                    "A bare server on %s listens on http://127.0.0.1:%d%s%n",
                    transport.name(), port, READY))
        .onFailure(
            failure -> {
              System.err.println(failure.getMessage());
              System.exit(1);
            });
  }

  /** Answers every request the same. */
  private static final class Constant extends VerticleBase {

    private final int port;

    Constant(int port) {
      this.port = port;
    }

    @Override
    public Future<?> start() {
      return vertx
          .createHttpServer()
          .requestHandler(
              request ->
                  request
                      .response()
                      .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                      .end(BODY))
          .listen(port, "127.0.0.1");
    }
  }
}
