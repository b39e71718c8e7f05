package dev.recall.http;

import dev.recall.bus.Bus;
import dev.recall.bus.RoundTripApi;
import dev.recall.config.BadSettings;
import dev.recall.config.Settings;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.time.Duration;
import java.util.function.IntConsumer;

/** Answers HTTP callers. One instance for each event loop, all on one port. */
public final class HttpVerticle extends VerticleBase {

  /** How long requests in flight may take when the server stops. */
  public static final Duration DRAIN = Duration.ofSeconds(20);

  private static final Duration STATE_DEADLINE = Duration.ofSeconds(1);
  private static final int MAX_BODY_BYTES = 65_536;
  private static final int MAX_LINE_BYTES = 8_192;
  private static final int MAX_HEADER_BYTES = 16_384;
  private static final int IDLE_SECONDS = 60;

  private final Settings.Http settings;
  private final Duration cacheDeadline;
  private final IntConsumer listening;
  private HttpServer server;

  /**
   * One of the instances of a node.
   *
   * @param cacheDeadline longest wait for the cache
   * @param listening is told the port
   */
  public HttpVerticle(Settings.Http settings, Duration cacheDeadline, IntConsumer listening) {
    this.settings = settings;
    this.cacheDeadline = cacheDeadline;
    this.listening = listening;
  }

  @Override
  public Future<?> start() {
    server =
        vertx
            .createHttpServer(options())
            .invalidRequestHandler(Problems::invalidRequest)
            .requestHandler(router());
    // All instances share one free port where none is set.
    int port = settings.port() == 0 ? -1 : settings.port();
    return server
        .listen(port, settings.host())
        .onSuccess(bound -> listening.accept(bound.actualPort()))
        .recover(failure -> Future.failedFuture(cannotListen(failure)));
  }

  @Override
  public Future<?> stop() {
    return server.shutdown(DRAIN);
  }

  private static HttpServerOptions options() {
    return new HttpServerOptions()
        .setPerFrameWebSocketCompressionSupported(false) // no WebSockets: two handlers less
        .setPerMessageWebSocketCompressionSupported(false)
        .setMaxInitialLineLength(MAX_LINE_BYTES)
        .setMaxHeaderSize(MAX_HEADER_BYTES)
        .setHandle100ContinueAutomatically(true)
        .setIdleTimeout(IDLE_SECONDS);
  }

  private Router router() {
    Bus bus = new Bus(vertx);
    Router router = Router.router(vertx);
    router.route().handler(new RequestBody(MAX_BODY_BYTES));
    new ExampleRoutes(bus.requester(RoundTripApi.SET_THEN_GET, STATE_DEADLINE)).mountOn(router);
    new CalculateRoutes(bus, cacheDeadline).mountOn(router);
    new CounterRoutes(bus, STATE_DEADLINE).mountOn(router);
    new CacheRoutes(bus, cacheDeadline).mountOn(router);
    new ComputationRoutes(bus, cacheDeadline).mountOn(router);
    Problems.mountOn(router);
    return router;
  }

  private BadSettings cannotListen(Throwable failure) {
    return new BadSettings(
        "http.port: cannot listen on %s:%d: %s"
            .formatted(settings.host(), settings.port(), failure.getMessage()));
  }
}
