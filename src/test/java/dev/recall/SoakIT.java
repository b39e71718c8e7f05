package dev.recall;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recall.compute.Sequence;
import dev.recall.redis.RedisCli;
import dev.recall.redis.bundled.SharedRedis;
import dev.recall.testing.Node;
import io.vertx.core.json.JsonObject;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Twenty seconds of readers on two nodes, while results are deleted through the nodes and written
 * behind their backs: nobody is answered a result that was replaced more than a second before.
 */
class SoakIT {

  private static final int KEYS = 200;
  private static final long SECONDS = 20;
  private static final long TOO_OLD_NS = TimeUnit.SECONDS.toNanos(1);

  /** When each result was replaced or removed; every result is another one. */
  private final Map<String, Long> ended = new ConcurrentHashMap<>();

  private final ConcurrentLinkedQueue<String> violations = new ConcurrentLinkedQueue<>();
  private final AtomicLong reads = new AtomicLong();
  private final AtomicLong oldest = new AtomicLong();
  private Node first;
  private Node second;
  private RedisCli redis;

  @BeforeEach
  void start() {
    redis = new RedisCli(SharedRedis.url());
    first = Node.started("redis.url=" + SharedRedis.url());
    second = Node.started("redis.url=" + SharedRedis.url());
    Node.flush(redis, first, second);
  }

  @AfterEach
  void stop() {
    first.close();
    second.close();
    redis.close();
  }

  @Test
  void get_whileEverybodyWritesAndDeletes_neverAnswersAnOldResult() throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    ExecutorService threads = Executors.newCachedThreadPool();
    List<Future<?>> all = new ArrayList<>();
    for (int seed = 0; seed < 3; seed++) {
      Random random = new Random(seed);
      all.add(threads.submit(() -> until(end, () -> read(first, random))));
      all.add(threads.submit(() -> until(end, () -> read(second, random))));
    }
    Random random = new Random(7);
    all.add(threads.submit(() -> until(end, () -> change(random))));
    for (Future<?> one : all) {
      one.get(SECONDS + 20, TimeUnit.SECONDS);
    }
    threads.shutdown();

    assertThat(violations).isEmpty();
    assertThat(reads.get()).isGreaterThan(1_000);
    assertThat(ended.size()).isGreaterThan(100);
    assertThat(nearHits()).isGreaterThan(reads.get() / 10.0);
    System.getLogger("soak")
        .log(
            System.Logger.Level.INFO,
            "{0} reads, {1} near hits, {2} changes, oldest answer {3} ms",
            reads,
            nearHits(),
            ended.size(),
            TimeUnit.NANOSECONDS.toMillis(oldest.get()));
  }

  private static void until(long end, Runnable step) {
    while (System.nanoTime() < end) {
      step.run();
    }
  }

  private void read(Node node, Random random) {
    long asked = System.nanoTime();
    String answer = node.get("/v1/cache/sequence/" + random.nextInt(KEYS)).body();
    String result = new JsonObject(answer).getString("result");
    Long replaced = ended.get(result);
    reads.incrementAndGet();
    if (replaced != null) {
      oldest.accumulateAndGet(asked - replaced, Math::max);
      if (asked - replaced > TOO_OLD_NS) {
        violations.add(result + " was answered " + (asked - replaced) / 1_000_000 + " ms too late");
      }
    }
  }

  // The result that is there is read first, so that its end is known; a computation may slip in
  // between, and then the end of its result is never known, which hides nothing else.
  private void change(Random random) {
    String input = Integer.toString(random.nextInt(KEYS));
    String before = redis.run("GET", "sequence:" + input);
    if (random.nextInt(3) == 0) {
      Node node = random.nextBoolean() ? first : second;
      if (node.send("DELETE", "/v1/cache/sequence/" + input, "").statusCode() != 204) {
        return; // a machine that is too busy: nobody knows what has ended
      }
    } else {
      redis.run("SET", "sequence:" + input, Sequence.next(), "PX", "60000");
    }
    ended.put(before, System.nanoTime());
  }

  private double nearHits() {
    String meter = "recall_cache_hits_total{level=\"near\"}";
    return first.meter(meter) + second.meter(meter);
  }
}
