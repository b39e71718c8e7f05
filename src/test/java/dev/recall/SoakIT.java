package dev.recall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.recall.compute.Sequence;
import dev.recall.redis.RedisCli;
import dev.recall.redis.bundled.SharedRedis;
import dev.recall.testing.Cluster;
import dev.recall.testing.Node;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Ten seconds of readers on two nodes for each kind of maker, while results are deleted through the
 * nodes, written behind their backs, and connections to Redis are cut: nobody is answered a result
 * that was replaced more than a second before.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SoakIT {

  private static final int KEYS = 200;
  private static final long SECONDS = 10;
  private static final long TOO_OLD_NS = TimeUnit.SECONDS.toNanos(1);

  /** When each result was replaced or removed; every result is another one. */
  private final Map<String, Long> ended = new ConcurrentHashMap<>();

  private final ConcurrentLinkedQueue<String> violations = new ConcurrentLinkedQueue<>();
  private final AtomicLong reads = new AtomicLong();
  private final AtomicLong oldest = new AtomicLong();
  private HttpServer origin;
  private Node first;
  private Node second;
  private RedisCli redis;

  @BeforeAll
  void start(@TempDir Path conf) throws IOException {
    redis = new RedisCli(SharedRedis.url());
    redis.run("FLUSHALL");
    origin = origin();
    Cluster cluster = new Cluster(conf);
    first = node(cluster);
    second = node(cluster);
    lend(first);
    await().until(() -> second.get("/v1/computations/lent").statusCode() == 200);
  }

  private static HttpServer origin() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
    server.createContext(
        "/",
        exchange -> {
          byte[] body = Sequence.next().getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().set("Content-Type", "text/plain");
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    return server;
  }

  private Node node(Cluster cluster) {
    return cluster.node(
        "redis.url=" + SharedRedis.url(),
        "computations.origin.url=http://127.0.0.1:" + origin.getAddress().getPort() + "/{input}",
        "computations.origin.ttl=60s",
        "computations.origin.media-type=text/plain",
        "computations.called.by=callers",
        "computations.called.ttl=60s");
  }

  /** Lends a computation until the node ends, or ten seconds after it was last told. */
  private static void lend(Node node) {
    EventBus bus = node.vertx().eventBus();
    Node.await(
        bus.<JsonObject>consumer(
                "recall.v1.compute.lent",
                message ->
                    message.reply(
                        new JsonObject()
                            .put("computation", "lent")
                            .put("input", message.body().getString("input"))
                            .put("result", Sequence.next())))
            .completion());
    Runnable announce =
        () ->
            bus.request(
                "recall.v1.computations.lend",
                new JsonObject()
                    .put("name", "lent")
                    .put("definition", new JsonObject().put("ttl", "60s"))
                    .put("instance", "a"));
    announce.run();
    node.vertx().setPeriodic(3_000, heartbeat -> announce.run());
  }

  @AfterAll
  void stop() {
    first.close();
    second.close();
    origin.stop(0);
    redis.close();
  }

  @BeforeEach
  void empty() {
    redis.run("FLUSHALL"); // nodes that have just lost a connection may not hear of it, nor need to
    ended.clear();
    reads.set(0);
    oldest.set(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"sequence", "origin", "lent", "called"})
  void get_whileEverybodyWritesAndDeletes_neverAnswersAnOldResult(String computation)
      throws Exception {
    double before = nearHits();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    ExecutorService threads = Executors.newCachedThreadPool();
    List<Future<?>> all = new ArrayList<>();
    for (int seed = 0; seed < 3; seed++) {
      Random random = new Random(seed);
      all.add(threads.submit(() -> until(end, () -> read(first, computation, random))));
      all.add(threads.submit(() -> until(end, () -> read(second, computation, random))));
    }
    Random random = new Random(7);
    all.add(threads.submit(() -> until(end, () -> change(computation, random))));
    for (Future<?> one : all) {
      one.get(SECONDS + 20, TimeUnit.SECONDS);
    }
    threads.shutdown();

    assertThat(violations).isEmpty();
    assertThat(reads.get()).isGreaterThan(500);
    assertThat(ended.size()).isGreaterThan(50);
    assertThat(nearHits() - before).isGreaterThan(reads.get() / 10.0);
    System.getLogger("soak")
        .log(
            System.Logger.Level.INFO,
            "{0}: {1} reads, {2} near hits, {3} changes, oldest answer {4} ms",
            computation,
            reads,
            nearHits() - before,
            ended.size(),
            TimeUnit.NANOSECONDS.toMillis(oldest.get()));
  }

  private static void until(long end, Runnable step) {
    while (System.nanoTime() < end) {
      step.run();
    }
  }

  private void read(Node node, String computation, Random random) {
    String path = computation + "/" + random.nextInt(KEYS);
    long asked = System.nanoTime();
    HttpResponse<String> answer = node.get("/v1/results/" + path);
    if (answer.statusCode() == 404 && computation.equals("called")) {
      make(node, path);
      return;
    }
    if (answer.statusCode() != 200) {
      return; // a connection was cut, or the machine is too busy
    }
    Long replaced = ended.get(answer.body());
    reads.incrementAndGet();
    if (replaced != null) {
      oldest.accumulateAndGet(asked - replaced, Math::max);
      if (asked - replaced > TOO_OLD_NS) {
        violations.add(
            answer.body() + " was answered " + (asked - replaced) / 1_000_000 + " ms too late");
      }
    }
  }

  private static void make(Node node, String path) {
    HttpResponse<String> lease = node.sendJson("POST", "/v1/leases/" + path, "{}");
    if (lease.statusCode() == 201) {
      String token = new JsonObject(lease.body()).getString("token");
      node.send("PUT", "/v1/results/" + path, Sequence.next(), "If-Match", '"' + token + '"');
    }
  }

  // The result that is there is read first, so that its end is known; a computation may slip in
  // between, and then the end of its result is never known, which hides nothing else.
  private void change(String computation, Random random) {
    String input = Integer.toString(random.nextInt(KEYS));
    String before = redis.run("GET", computation + ":" + input);
    Node node = random.nextBoolean() ? first : second;
    int kind = random.nextInt(100);
    if (kind == 0) {
      redis.run("CLIENT", "KILL", "TYPE", random.nextBoolean() ? "normal" : "pubsub");
      return;
    } else if (kind < 33) {
      if (node.send("DELETE", "/v1/cache/" + computation + "/" + input, "").statusCode() != 204) {
        return; // a machine that is too busy: nobody knows what has ended
      }
    } else if (kind < 50 && computation.equals("called")) {
      String path = "/v1/results/called/" + input;
      if (node.send("PUT", path, Sequence.next()).statusCode() != 204) {
        return;
      }
    } else {
      redis.run("SET", computation + ":" + input, Sequence.next(), "PX", "60000");
    }
    ended.put(before, System.nanoTime());
  }

  private double nearHits() {
    String meter = "recall_cache_hits_total{level=\"near\"}";
    return first.meter(meter) + second.meter(meter);
  }
}
