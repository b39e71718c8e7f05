package dev.recall;

import dev.recall.bus.Bus;
import dev.recall.bus.BusMeters;
import dev.recall.bus.BusParts;
import dev.recall.cache.CacheParts;
import dev.recall.cache.CacheVerticle;
import dev.recall.cache.Freshness;
import dev.recall.cache.Policy;
import dev.recall.compute.Computations;
import dev.recall.compute.ComputeVerticle;
import dev.recall.compute.Fibonacci;
import dev.recall.config.Budget;
import dev.recall.config.ConfDirectory;
import dev.recall.config.Deadlines;
import dev.recall.config.Settings;
import dev.recall.edge.Edge;
import dev.recall.edge.Names;
import dev.recall.http.HttpVerticle;
import dev.recall.lender.LenderVerticle;
import dev.recall.ops.Health;
import dev.recall.ops.LoopWatch;
import dev.recall.ops.ManagementVerticle;
import dev.recall.ops.Meters;
import dev.recall.origin.OriginVerticle;
import dev.recall.origin.Origins;
import dev.recall.redis.bundled.BundledRedis;
import dev.recall.redis.bundled.BundledRedisVerticle;
import dev.recall.redis.link.KeyChanges;
import dev.recall.redis.link.RedisServer;
import dev.recall.registry.Agreement;
import dev.recall.registry.Definitions;
import dev.recall.registry.DefinitionsFeed;
import dev.recall.registry.Lenders;
import dev.recall.registry.RegistryVerticle;
import dev.recall.registry.Rules;
import dev.recall.registry.TrackedKeys;
import dev.recall.state.StateParts;
import dev.recall.state.StateVerticle;
import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One node: builds what the verticles share, deploys them in order and takes everything down in
 * reverse.
 */
public final class Application {

  private static final Logger LOG = LoggerFactory.getLogger(Application.class);

  private final Settings settings;
  private final Budget budget;
  private final Deadlines deadlines;
  private final Vertx vertx;
  private final BundledRedis bundled;
  private final RedisServer redis;
  private final Health health = new Health();
  private final Meters meters = new Meters();
  private final BusParts busParts =
      new BusParts(new BusMeters(meters.registry()), System::nanoTime);
  private final Lenders lenders = new Lenders(System::nanoTime);
  private final Definitions definitions;
  private final Agreement agreement;
  private final Names names;
  private final Edge edge;
  private final String id = UUID.randomUUID().toString();
  private final Deque<Supplier<Future<?>>> undo = new ConcurrentLinkedDeque<>();
  private final int loops = VertxFactory.LOOPS;
  private volatile Future<?> deploying = Future.succeededFuture();
  private @Nullable Future<Void> stopped;
  private volatile int httpPort;
  private volatile int managementPort;

  /**
   * A node that is not started.
   *
   * @param vertx belongs to the node from now on
   * @param conf has {@code redis.conf}
   * @param broken is told, in a sentence, why the node cannot go on, should that ever be
   * @throws dev.recall.config.BadSettings where the settings need more memory than there is
   */
  public Application(Vertx vertx, Settings settings, ConfDirectory conf, Consumer<String> broken) {
    this.vertx = vertx;
    this.settings = settings;
    budget = Budget.ofThisJvm(settings.cache().near().maxBytes());
    budget.requireResult("fib.max-n", Fibonacci.digits(settings.fib().maxN()));
    agreement = new Agreement(settings.computations());
    definitions = new Definitions(settings.computations(), lenders);
    deadlines = Deadlines.of(settings.compute().deadline());
    bundled = new BundledRedis(settings.data().dir(), conf, new SecureRandom());
    redis =
        new RedisServer(
            this::redisUrl,
            deadlines,
            System::nanoTime,
            System::currentTimeMillis,
            new SplittableRandom(),
            meters.registry());
    LoopWatch loopWatch = new LoopWatch(vertx, broken);
    names = callerNames(settings.http());
    edge = edge("http", names, budget.callers());
    undo.push(vertx::close);
    undo.push(() -> Future.succeededFuture().onSuccess(now -> loopWatch.close()));
  }

  /**
   * Starts everything; once.
   *
   * @return failed, with everything taken down again, where a part does not start: with {@link
   *     dev.recall.config.BadSettings} where an operator can mend it
   */
  public Future<Void> start() {
    Bus.register(vertx);
    Promise<Void> outcome = Promise.promise();
    deploying = deployAll();
    deploying
        .onSuccess(
            up -> {
              health.enter(Health.Phase.READY);
              outcome.complete();
            })
        .onFailure(failure -> stop().onComplete(stopped -> outcome.fail(failure)));
    return outcome.future();
  }

  private Future<?> deployAll() {
    Computations computations =
        new Computations(new Fibonacci(settings.fib().maxN(), settings.fib().ttl()));
    CacheParts cache = cacheParts(policies(computations));
    StateParts state = stateParts();
    DefinitionsFeed definitionsFeed = new DefinitionsFeed();
    KeyChanges.Listener cacheFeed = cache.feed();
    KeyChanges changes =
        new KeyChanges(redis, id, List.of(cacheFeed, state.feed(), definitionsFeed));
    TrackedKeys tracked = new TrackedKeys(changes, cacheFeed);
    Rules rules =
        new Rules(
            computations.byName().keySet(), settings.compute().deadline(), budget.resultBytes());
    rules.require(settings.computations());
    Origins origins =
        new Origins(
            definitions,
            settings.origins().allow(),
            budget.largeResultBytes(),
            Clock.systemUTC(),
            System::nanoTime,
            meters.registry());
    return deployRedis()
        .compose(up -> deploy(1, this::management))
        .compose(up -> deploy(1, () -> compute(computations)))
        .compose(up -> deploy(loops, () -> origins(origins)))
        .compose(up -> deploy(1, this::lenders))
        .compose(up -> deploy(1, () -> changes))
        .compose(up -> deploy(loops, () -> cache(cache)))
        .compose(up -> deploy(loops, () -> state(state)))
        .compose(up -> deploy(1, () -> registry(rules, definitionsFeed, tracked)))
        .compose(up -> deploy(loops, this::http))
        .onSuccess(up -> undo.push(() -> stopWaiting(state)));
  }

  /**
   * Not ready from now on: answers what it has taken, then closes, in bounded time. A node that is
   * still starting does so first, since only what is deployed can be undone.
   */
  public synchronized Future<Void> stop() {
    if (stopped == null) {
      health.enter(Health.Phase.DRAINING);
      Promise<Void> promise = Promise.promise();
      stopped = promise.future();
      deploying.onComplete(deployed -> undoNext(promise));
    }
    return stopped;
  }

  // The promise belongs to no context: the last step ends the event loops that contexts run on.
  private void undoNext(Promise<Void> done) {
    Supplier<Future<?>> last = undo.poll();
    if (last == null) {
      done.complete();
      return;
    }
    Future.succeededFuture()
        .compose(now -> last.get()) // even what is thrown does not end the way down
        .onFailure(failure -> LOG.warn("A part did not stop cleanly", failure))
        .onComplete(undone -> undoNext(done));
  }

  /** What it may hold for its callers. */
  Budget budget() {
    return budget;
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

  /** The Redis this node uses, as an operator may see it. */
  String redisInWords() {
    return settings.redis().url().isEmpty()
        ? bundled.toString()
        : settings.redis().url().toString();
  }

  private Future<?> deployRedis() {
    return settings.redis().url().isEmpty()
        ? deploy(1, () -> new BundledRedisVerticle(bundled))
        : Future.succeededFuture();
  }

  private Future<?> deploy(int instances, Supplier<Deployable> verticle) {
    return vertx
        .deployVerticle(verticle, new DeploymentOptions().setInstances(instances))
        .onSuccess(id -> undo.push(() -> vertx.undeploy(id)));
  }

  private static Future<?> stopWaiting(StateParts state) {
    state.stopWaiting();
    return Future.succeededFuture();
  }

  private Deployable registry(Rules rules, DefinitionsFeed feed, TrackedKeys tracked) {
    return new RegistryVerticle(
        definitions,
        lenders,
        agreement,
        id,
        rules,
        redis,
        feed,
        tracked,
        busParts,
        deadlines.cached());
  }

  private CacheParts cacheParts(List<Policy> policies) {
    return CacheParts.of(
        vertx,
        id,
        policies,
        definitions,
        settings.cache(),
        redis.proof(),
        budget,
        System::nanoTime,
        new SecureRandom(),
        meters.registry());
  }

  private Deployable cache(CacheParts parts) {
    return new CacheVerticle(
        parts,
        redis,
        busParts,
        settings.cache().lease(),
        deadlines.computed(),
        System::nanoTime,
        new SplittableRandom());
  }

  private StateParts stateParts() {
    return StateParts.of(
        vertx, budget.lockWaiters(), System::nanoTime, new SecureRandom(), meters.registry());
  }

  private Deployable state(StateParts parts) {
    return new StateVerticle(parts, redis, busParts, settings, System::nanoTime);
  }

  private Deployable compute(Computations computations) {
    return new ComputeVerticle(
        computations, settings.compute(), budget.resultBytes(), busParts, meters.registry());
  }

  private Deployable origins(Origins origins) {
    return new OriginVerticle(
        origins, busParts, settings.compute().deadline(), new SplittableRandom());
  }

  private Deployable lenders() {
    return new LenderVerticle(
        definitions, lenders, busParts, settings.compute().deadline(), System::nanoTime);
  }

  private Deployable management() {
    return new ManagementVerticle(
        settings.management(),
        edge(
            "management",
            Names.of(settings.management().host(), settings.http().hosts().all()),
            budget.operators()),
        redis,
        agreement,
        health,
        meters,
        port -> managementPort = port);
  }

  // A page does not have the token that is asked for, whatever it calls the node.
  private static Names callerNames(Settings.Http http) {
    return http.tokens().isEmpty() ? Names.of(http.host(), http.hosts().all()) : Names.any();
  }

  private Edge edge(String port, Names called, Budget.Port limits) {
    return new Edge(port, called, limits, deadlines.peers(), System::nanoTime, meters.registry());
  }

  private Deployable http() {
    return new HttpVerticle(settings, edge, names, busParts, deadlines, port -> httpPort = port);
  }

  private List<Policy> policies(Computations computations) {
    return computations.byName().values().stream()
        .map(
            computation ->
                new Policy(
                    computation.name(),
                    Freshness.of(computation.ttl(), settings.cache()),
                    computation::canonical,
                    computation::isResult))
        .toList();
  }
}
