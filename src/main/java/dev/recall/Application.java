package dev.recall;

import dev.recall.bus.Bus;
import dev.recall.bus.CacheApi;
import dev.recall.cache.CacheVerticle;
import dev.recall.cache.Flights;
import dev.recall.cache.Policy;
import dev.recall.compute.Computation;
import dev.recall.compute.Computations;
import dev.recall.compute.ComputeVerticle;
import dev.recall.compute.Fibonacci;
import dev.recall.config.ConfDirectory;
import dev.recall.config.Settings;
import dev.recall.http.HttpVerticle;
import dev.recall.ops.Health;
import dev.recall.ops.ManagementVerticle;
import dev.recall.redis.BundledRedis;
import dev.recall.redis.RedisServer;
import dev.recall.state.StateVerticle;
import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One node: builds what the verticles share, deploys them in order and takes everything down in
 * reverse.
 */
public final class Application {

  private static final Logger LOG = LoggerFactory.getLogger(Application.class);

  /** What a deadline allows, on top of the deadline behind it, so that the nearest one speaks. */
  private static final Duration SLACK = Duration.ofMillis(500);

  private static final long SUPERVISION_MS = 1_000;

  private final Settings settings;
  private final ConfDirectory conf;
  private final BundledRedis bundled;
  private final RedisServer redis;
  private final Health health = new Health();
  private final Deque<Supplier<Future<?>>> undo = new ConcurrentLinkedDeque<>();
  private final int loops = Runtime.getRuntime().availableProcessors();
  private volatile int httpPort;
  private volatile int managementPort;

  /**
   * A node that is not started.
   *
   * @param conf has {@code cluster.xml} and {@code redis.conf}
   */
  public Application(Settings settings, ConfDirectory conf) {
    this.settings = settings;
    this.conf = conf;
    bundled = new BundledRedis(settings.data().dir(), conf);
    redis = new RedisServer(this::redisUrl);
  }

  /**
   * Starts everything; once.
   *
   * @return failed, with everything taken down again, where a part does not start: with {@link
   *     dev.recall.config.BadSettings} where an operator can mend it
   */
  public Future<Void> start() {
    Promise<Void> outcome = Promise.promise();
    VertxFactory.create(settings.cluster(), loops, conf)
        .compose(this::start)
        .onSuccess(outcome::complete)
        .onFailure(failure -> stop().onComplete(stopped -> outcome.fail(failure)));
    return outcome.future();
  }

  private Future<Void> start(Vertx vertx) {
    undo.push(vertx::close);
    Bus.register(vertx);
    return startRedis(vertx)
        .compose(up -> deploy(vertx, 1, this::management))
        .compose(up -> deployComputations(vertx))
        .compose(up -> deploy(vertx, loops, () -> new StateVerticle(redis, settings.counter())))
        .compose(up -> deploy(vertx, loops, this::http))
        .onSuccess(up -> health.enter(Health.Phase.READY))
        .mapEmpty();
  }

  /** Not ready from now on: answers what it has taken, then closes. Completes in bounded time. */
  public Future<Void> stop() {
    health.enter(Health.Phase.DRAINING);
    Promise<Void> stopped = Promise.promise();
    undoNext(stopped);
    return stopped.future();
  }

  // The promise belongs to no context: the last step ends the event loops that contexts run on.
  private void undoNext(Promise<Void> stopped) {
    Supplier<Future<?>> last = undo.poll();
    if (last == null) {
      stopped.complete();
      return;
    }
    last.get()
        .onFailure(failure -> LOG.warn("A part did not stop cleanly", failure))
        .onComplete(done -> undoNext(stopped));
  }

  /** The port that answers callers. */
  public int httpPort() {
    return httpPort;
  }

  /** The port that answers operators. */
  public int managementPort() {
    return managementPort;
  }

  /** The Redis this node uses, credentials and all. */
  String redisUrl() {
    return settings.redis().url().isEmpty() ? bundled.url() : settings.redis().url().url();
  }

  private Future<?> startRedis(Vertx vertx) {
    if (!settings.redis().url().isEmpty()) {
      return Future.succeededFuture();
    }
    undo.push(() -> vertx.executeBlocking(() -> stopBundled()));
    long supervision =
        vertx.setPeriodic(
            SUPERVISION_MS,
            tick ->
                vertx
                    .executeBlocking(() -> runBundled())
                    .onFailure(failure -> LOG.warn("No bundled Redis: {}", failure.getMessage())));
    undo.push(
        () -> {
          vertx.cancelTimer(supervision);
          return Future.succeededFuture();
        });
    return vertx.executeBlocking(() -> runBundled());
  }

  private Void runBundled() {
    bundled.ensureRunning();
    return null;
  }

  private Void stopBundled() {
    bundled.stop();
    return null;
  }

  private Future<?> deployComputations(Vertx vertx) {
    Computations computations =
        new Computations(new Fibonacci(settings.fib().maxN(), settings.fib().ttl()));
    Map<String, Policy> policies =
        computations.byName().values().stream()
            .map(Application::policy)
            .collect(Collectors.toMap(Policy::computation, Function.identity()));
    Flights<CacheApi.Result> flights = new Flights<>();
    Duration deadline = settings.compute().deadline().plus(SLACK);
    return deploy(vertx, 1, () -> new ComputeVerticle(computations, settings.compute()))
        .compose(
            up ->
                deploy(vertx, loops, () -> new CacheVerticle(policies, redis, flights, deadline)));
  }

  private static Policy policy(Computation computation) {
    return new Policy(
        computation.name(), computation.ttl(), computation::canonical, computation::isResult);
  }

  private Deployable management() {
    return new ManagementVerticle(
        settings.management(), redis, health, port -> managementPort = port);
  }

  private Deployable http() {
    Duration cacheDeadline = settings.compute().deadline().plus(SLACK.multipliedBy(3));
    return new HttpVerticle(settings.http(), cacheDeadline, port -> httpPort = port);
  }

  private Future<?> deploy(Vertx vertx, int instances, Supplier<Deployable> verticle) {
    return vertx
        .deployVerticle(verticle, new DeploymentOptions().setInstances(instances))
        .onSuccess(id -> undo.push(() -> vertx.undeploy(id)));
  }
}
