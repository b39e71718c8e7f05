package dev.recall.edge;

import dev.recall.config.Budget;
import dev.recall.config.Deadlines;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * One port of a node, and what its peers make the node hold, all event loops together. Whatever a
 * peer sends before anybody knows who it is has its share of the {@link Budget}: past it those that
 * have owed something longest are cut. Thread-safe.
 */
public final class Edge {

  static final int MAX_LINE_BYTES = 8_192;
  static final int MAX_HEADER_BYTES = 16_384;
  private static final int MAX_STREAMS = 32;

  private final Names names;
  private final Deadlines.Peers deadlines;
  private final LongSupplier nanoTime;
  private final AtomicInteger open = new AtomicInteger();
  private final Pool connections;
  private final Pool bodies;
  private final Pool answers;
  private final Pool outbound;
  private final RequestMeters meters;
  private final RequestMeters.Route unrouted;
  private final Map<Cut, Counter> cuts = new EnumMap<>(Cut.class);

  /**
   * A port that is not listened on yet.
   *
   * @param port its name in the meters
   * @param nanoTime of the clock that deadlines are kept by
   */
  public Edge(
      String port,
      Names names,
      Budget.Port limits,
      Deadlines.Peers deadlines,
      LongSupplier nanoTime,
      MeterRegistry registry) {
    this.names = names;
    connections = new Pool(limits.connectionBytes());
    bodies = new Pool(limits.bodyBytes());
    answers = new Pool(limits.answerBytes());
    outbound = new Pool(limits.outboundBytes());
    meters = new RequestMeters(port, registry);
    unrouted = meters.route("", "");
    this.deadlines = deadlines;
    this.nanoTime = nanoTime;
    Gauge.builder("recall.http.connections", open, AtomicInteger::get)
        .description("Open connections")
        .tag("port", port)
        .register(registry);
    for (Cut cut : Cut.values()) {
      cuts.put(
          cut,
          Counter.builder("recall.http.cut")
              .description("Connections that were closed on a peer, by cause")
              .tag("port", port)
              .tag("cause", cut.word())
              .register(registry));
    }
  }

  /**
   * A server for the event loop of the calling verticle; each request belongs to an {@link
   * Exchange}.
   *
   * @param invalid is given what is not HTTP, or more of it than is allowed
   */
  public HttpServer server(
      Vertx vertx, Handler<HttpServerRequest> requests, Handler<HttpServerRequest> invalid) {
    Connections here = new Connections(this);
    vertx.getOrCreateContext().put(Connections.class, here);
    vertx.setPeriodic(Connections.SWEEP.toMillis(), timer -> here.sweep());
    return vertx
        .createHttpServer(options())
        .connectionHandler(Connection::configure)
        .requestHandler(request -> begin(request, requests))
        .invalidRequestHandler(
            request -> {
              Connection.peer(request.connection()).begin(request);
              invalid.handle(request);
            });
  }

  private void begin(HttpServerRequest request, Handler<HttpServerRequest> requests) {
    Connection.peer(request.connection()).begin(request);
    names
        .refusal(request)
        .ifPresentOrElse(refused -> Problem.send(request, refused), () -> requests.handle(request));
  }

  // An idle time of Vert.x' own would count every byte, and cost two looks at the clock for each.
  private static HttpServerOptions options() {
    Http2Settings http2 =
        new Http2Settings()
            .setMaxConcurrentStreams(MAX_STREAMS)
            .setMaxHeaderListSize(MAX_HEADER_BYTES);
    return new HttpServerOptions()
        .setPerFrameWebSocketCompressionSupported(false) // no WebSockets: two handlers less
        .setPerMessageWebSocketCompressionSupported(false)
        .setMaxInitialLineLength(MAX_LINE_BYTES)
        .setMaxHeaderSize(MAX_HEADER_BYTES)
        .setInitialSettings(http2);
  }

  /** What is measured of its requests. */
  public RequestMeters meters() {
    return meters;
  }

  /** Those that no route takes. */
  RequestMeters.Route unrouted() {
    return unrouted;
  }

  long nanoTime() {
    return nanoTime.getAsLong();
  }

  Deadlines.Peers deadlines() {
    return deadlines;
  }

  long nowMillis() {
    return nanoTime.getAsLong() / 1_000_000;
  }

  void opened(int delta) {
    open.addAndGet(delta);
  }

  /** Connections, unfinished headers, and requests in work. */
  Pool connections() {
    return connections;
  }

  /** Bodies that are read, or were and are not answered yet. */
  Pool bodies() {
    return bodies;
  }

  /** Large answers that are not taken. */
  Pool answers() {
    return answers;
  }

  /** What stands before sockets that take no more. */
  Pool outbound() {
    return outbound;
  }

  void count(Cut cut) {
    Counter counter = cuts.get(cut);
    if (counter != null) {
      counter.increment();
    }
  }
}
