package dev.recall.cache;

import static org.awaitility.Awaitility.await;

import dev.recall.api.CacheApi.Get;
import dev.recall.api.CacheApi.Result;
import dev.recall.api.ComputeApi;
import dev.recall.api.ComputeApi.Answer;
import dev.recall.api.ComputeApi.Ask;
import dev.recall.bus.Bus;
import dev.recall.bus.BusMeters;
import dev.recall.bus.BusParts;
import dev.recall.cache.Policy.Question;
import dev.recall.config.Budget;
import dev.recall.config.Deadlines;
import dev.recall.config.Definition;
import dev.recall.config.Settings;
import dev.recall.config.read.DefinitionReader;
import dev.recall.failure.Failure;
import dev.recall.redis.KeyWaits.KeyWait;
import dev.recall.redis.RedisCli;
import dev.recall.redis.bundled.SharedRedis;
import dev.recall.redis.link.KeyChanges;
import dev.recall.redis.link.RedisServer;
import dev.recall.redis.link.RedisStore;
import dev.recall.registry.Definitions;
import dev.recall.registry.Lenders;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * One event loop of a node, with its connection to a Redis, the feed of changes, and the cache
 * engine that lives on it. The clock stands still but for the test, and the test makes the results.
 */
final class CacheLoop implements AutoCloseable {

  /** The computation whose results the test makes; {@link #NO_RESULT} is none of them. */
  static final String COMPUTATION = "made";

  /** The computation whose results callers make. */
  static final String BY_CALLERS = "called";

  static final String NO_RESULT = "no result";

  /** The longest wait for a result, on the clock. */
  static final Duration DEADLINE = Duration.ofSeconds(30);

  static final Duration TTL = Duration.ofMinutes(1);

  private static final Freshness FRESHNESS =
      new Freshness(TTL, Duration.ZERO, 0, 0, Duration.ofSeconds(1));

  /** Longer than a test waits, so that a lease that is forgotten shows. */
  private static final Duration LEASE = Duration.ofMinutes(1);

  private static final long PATIENCE_MS = 10_000;

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  private final Context context = vertx.getOrCreateContext();
  private final AtomicLong nanos = new AtomicLong(-5_000_000_000L);
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final BlockingQueue<Computing> begun = new LinkedBlockingQueue<>();
  private final CacheParts parts;
  private final RedisStore store;
  private final CacheEngine engine;

  /** One that hears of every change. */
  CacheLoop() {
    this("node", SharedRedis.url(), FRESHNESS, LEASE);
  }

  /** The same, of a node with this id. */
  CacheLoop(String node) {
    this(node, SharedRedis.url(), FRESHNESS, LEASE);
  }

  /** The same, whose results are fresh for so long. */
  CacheLoop(Freshness freshness) {
    this("node", SharedRedis.url(), freshness, LEASE);
  }

  /** The same, whose leases live for so long unless they are renewed. */
  CacheLoop(Duration lease) {
    this("node", SharedRedis.url(), FRESHNESS, lease);
  }

  /** The same, at this Redis. */
  static CacheLoop at(String url) {
    return new CacheLoop("node", url, FRESHNESS, LEASE);
  }

  private CacheLoop(String node, String url, Freshness freshness, Duration lease) {
    Bus.register(vertx);
    RedisServer server =
        new RedisServer(
            () -> url,
            Deadlines.of(Duration.ofSeconds(5)),
            System::nanoTime,
            System::currentTimeMillis,
            new SplittableRandom(),
            registry);
    Policy policy =
        new Policy(COMPUTATION, freshness, input -> input, text -> !text.equals(NO_RESULT));
    parts =
        CacheParts.of(
            vertx,
            node,
            List.of(policy),
            new Definitions(
                Map.of(BY_CALLERS, byCallers(freshness)), new Lenders(System::nanoTime)),
            cacheSettings(freshness),
            server.proof(),
            new Budget(1L << 28, 1L << 26, 0, 20_000),
            nanos::get,
            new SecureRandom(),
            registry);
    store = answer(onLoop(() -> Future.succeededFuture(new RedisStore(vertx, server))));
    answer(onLoop(store::open));
    engine = answer(onLoop(() -> begin(lease)));
    answer(vertx.deployVerticle(new KeyChanges(server, node, List.of(parts.feed()))));
    await().until(() -> !parts.near().isBypassed());
  }

  private static Definition byCallers(Freshness freshness) {
    return DefinitionReader.read(Map.of("by", "callers", "ttl", freshness.ttl().toMillis() + "ms"));
  }

  private static Settings.Cache cacheSettings(Freshness freshness) {
    return new Settings.Cache(
        new Settings.Near(1 << 20, TTL),
        LEASE,
        freshness.jitterPercent(),
        freshness.refreshAheadPercent(),
        freshness.staleFor(),
        freshness.softTimeout());
  }

  private Future<CacheEngine> begin(Duration lease) {
    Bus bus =
        new Bus(vertx, new BusParts(new BusMeters(new SimpleMeterRegistry()), System::nanoTime));
    return bus.serve(ComputeApi.here(COMPUTATION), this::compute)
        .map(
            served ->
                CacheEngine.of(
                    vertx,
                    parts,
                    store,
                    bus,
                    lease,
                    DEADLINE,
                    nanos::get,
                    new SplittableRandom(7)));
  }

  private Future<Answer> compute(Ask ask) {
    Computing computing = new Computing(ask.input(), Promise.promise());
    begun.add(computing);
    return computing.answer.future();
  }

  /** A computation that has begun, and ends when the test says so. */
  record Computing(String input, Promise<Answer> answer) {

    void end(String result) {
      answer.complete(new Answer(COMPUTATION, input, result));
    }

    void fail() {
      answer.fail(Failure.OVERLOADED.because("it fails, as the test wants it"));
    }
  }

  CacheParts parts() {
    return parts;
  }

  /** Asks for a result on the event loop, as the bus does. */
  Future<Result> get(String input) {
    return ask(asked -> asked.cache().get(new Get(COMPUTATION, input)));
  }

  /** Asks the engine on its event loop. */
  <T> Future<T> ask(Function<CacheEngine, Future<T>> question) {
    return onLoop(() -> question.apply(engine));
  }

  Question question(String input) {
    return parts.policies().of(COMPUTATION).question(input);
  }

  /** What was answered, or thrown; waits for it. */
  static <T> T answer(Future<T> asked) {
    try {
      return asked.await(PATIENCE_MS, TimeUnit.MILLISECONDS);
    } catch (TimeoutException late) {
      throw new AssertionError("there is no answer", late);
    }
  }

  /** The next computation that begins here; waits for it. */
  Computing computing() throws InterruptedException {
    Computing next = begun.poll(PATIENCE_MS, TimeUnit.MILLISECONDS);
    if (next == null) {
      throw new AssertionError("nothing is computed");
    }
    return next;
  }

  /** How many computations have begun here that nobody has looked at. */
  int begun() {
    return begun.size();
  }

  /** Lets time pass on the clock. */
  void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  double count(String meter) {
    return registry.get(meter).counter().count();
  }

  /** Waits until every change up to now was heard of. */
  void hear(RedisCli redis) {
    String key = COMPUTATION + ":heard";
    KeyWait watch = answer(onLoop(() -> Future.succeededFuture(parts.keyWaits().on(key))));
    redis.run("SET", key, "now");
    answer(onLoop(() -> watch.changed(2 * PATIENCE_MS).map(true)));
    redis.run("DEL", key);
  }

  /** From now on no command is sent to Redis. */
  void leaveRedis() {
    answer(
        onLoop(
            () -> {
              store.close();
              return Future.succeededFuture(true);
            }));
  }

  private <T> Future<T> onLoop(Supplier<Future<T>> question) {
    Promise<T> answer = Promise.promise();
    context.runOnContext(
        now -> {
          try {
            question.get().onComplete(answer);
          } catch (RuntimeException refusal) {
            answer.fail(refusal);
          }
        });
    return answer.future();
  }

  @Override
  public void close() {
    leaveRedis();
    vertx.close().await();
  }
}
