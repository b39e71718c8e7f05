package dev.recall.http;

import dev.recall.api.RateApi;
import dev.recall.bus.Bus;
import dev.recall.bus.BusParts;
import dev.recall.config.BadSettings;
import dev.recall.config.Deadlines;
import dev.recall.config.RouteGroup;
import dev.recall.config.Settings;
import dev.recall.edge.Edge;
import dev.recall.edge.Names;
import dev.recall.http.kit.Callers;
import dev.recall.http.kit.Gate;
import dev.recall.http.kit.Problems;
import dev.recall.http.kit.RateFilter;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntConsumer;

/** Answers HTTP callers. One instance for each event loop, all on one port. */
public final class HttpVerticle extends VerticleBase {

  private final Settings settings;
  private final Edge edge;
  private final Names names;
  private final BusParts busParts;
  private final Deadlines deadlines;
  private final IntConsumer listening;
  private HttpServer server;

  /**
   * One of the instances of a node.
   *
   * @param edge that all of them share
   * @param names by which the node is called
   * @param busParts of the node
   * @param deadlines how long it waits for what
   * @param listening is told the port
   */
  public HttpVerticle(
      Settings settings,
      Edge edge,
      Names names,
      BusParts busParts,
      Deadlines deadlines,
      IntConsumer listening) {
    this.settings = settings;
    this.edge = edge;
    this.names = names;
    this.busParts = busParts;
    this.deadlines = deadlines;
    this.listening = listening;
  }

  @Override
  public Future<?> start() {
    server = edge.server(vertx, router(), Problems::invalidRequest);
    // All instances share one free port where none is set.
    int port = settings.http().port() == 0 ? -1 : settings.http().port();
    return server
        .listen(port, settings.http().host())
        .onSuccess(bound -> listening.accept(bound.actualPort()))
        .recover(failure -> Future.failedFuture(cannotListen(failure)));
  }

  @Override
  public Future<?> stop() {
    return server.shutdown(deadlines.httpDrain());
  }

  private Router router() {
    Bus bus = new Bus(vertx, busParts);
    Router router = Router.router(vertx);
    Callers callers = new Callers(settings.http().tokens(), names);
    Function<RouteGroup, Gate> gates =
        group -> new Gate(router, edge.meters(), callers, rateFilter(bus, group));
    new ExampleRoutes(bus, deadlines.state()).mountOn(gates.apply(RouteGroup.EXAMPLES));
    new CalculateRoutes(bus, deadlines.cached()).mountOn(gates.apply(RouteGroup.CACHE));
    new CacheRoutes(bus, deadlines.cached()).mountOn(gates.apply(RouteGroup.CACHE));
    new ResultRoutes(bus, deadlines.cached()).mountOn(gates.apply(RouteGroup.CACHE));
    new LeaseRoutes(bus, deadlines.cached()).mountOn(gates.apply(RouteGroup.CACHE));
    new ComputationRoutes(bus, deadlines.cached()).mountOn(gates.apply(RouteGroup.CACHE));
    new CounterRoutes(bus, deadlines.state()).mountOn(gates.apply(RouteGroup.COUNTERS));
    new DocumentRoutes(bus, deadlines.state(), settings.state().namespaces().keySet())
        .mountOn(gates.apply(RouteGroup.STATE));
    new LockRoutes(bus, deadlines.state()).mountOn(gates.apply(RouteGroup.LOCKS));
    Gate unlimited = new Gate(router, edge.meters(), callers, Optional.empty());
    new RateRoutes(bus, deadlines.state()).mountOn(unlimited);
    new ClientRoutes().mountOn(unlimited);
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
                    bus.requester(RateApi.TAKE.local(), deadlines.state()),
                    limit.getKey(),
                    limit.getValue().limit()));
  }

  private BadSettings cannotListen(Throwable failure) {
    return new BadSettings(
        "http.port: cannot listen on %s:%d: %s"
            .formatted(settings.http().host(), settings.http().port(), failure.getMessage()));
  }
}
