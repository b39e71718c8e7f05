package dev.recall.http;

import dev.recall.api.RateApi;
import dev.recall.bus.Bus;
import dev.recall.config.BadSettings;
import dev.recall.config.RouteGroup;
import dev.recall.config.Settings;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
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

  private final Settings settings;
  private final Duration cacheDeadline;
  private final IntConsumer listening;
  private HttpServer server;

  /**
   * One of the instances of a node.
   *
   * @param cacheDeadline longest wait for the cache
   * @param listening is told the port
   */
  public HttpVerticle(Settings settings, Duration cacheDeadline, IntConsumer listening) {
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
    int port = settings.http().port() == 0 ? -1 : settings.http().port();
    return server
        .listen(port, settings.http().host())
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
    Callers callers = new Callers(settings.http().tokens());
    Function<RouteGroup, Gate> gates = group -> new Gate(router, callers, rateFilter(bus, group));
    new ExampleRoutes(bus, STATE_DEADLINE).mountOn(gates.apply(RouteGroup.EXAMPLES));
    new CalculateRoutes(bus, cacheDeadline).mountOn(gates.apply(RouteGroup.CACHE));
    new CacheRoutes(bus, cacheDeadline).mountOn(gates.apply(RouteGroup.CACHE));
    new ComputationRoutes(bus, cacheDeadline).mountOn(gates.apply(RouteGroup.CACHE));
    new CounterRoutes(bus, STATE_DEADLINE).mountOn(gates.apply(RouteGroup.COUNTERS));
    new DocumentRoutes(bus, STATE_DEADLINE, settings.state().namespaces().keySet())
        .mountOn(gates.apply(RouteGroup.STATE));
    new LockRoutes(bus, STATE_DEADLINE).mountOn(gates.apply(RouteGroup.LOCKS));
    Problems.mountOn(router);
    return router;
  }

  private Optional<RateFilter> rateFilter(Bus bus, RouteGroup group) {
    return settings.rateLimits().entrySet().stream()
        .filter(limit -> limit.getValue().groups().include(group))
        .findFirst()
        .map(
            limit ->
                new RateFilter(
                    bus.requester(RateApi.TAKE.local(), STATE_DEADLINE),
                    limit.getKey(),
                    limit.getValue().limit()));
  }

  private BadSettings cannotListen(Throwable failure) {
    return new BadSettings(
        "http.port: cannot listen on %s:%d: %s"
            .formatted(settings.http().host(), settings.http().port(), failure.getMessage()));
  }
}
