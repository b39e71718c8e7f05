package dev.recall.bench;

import static org.awaitility.Awaitility.await;

import dev.recall.bench.LockClient.Hold;
import dev.recall.bench.LockClient.Release;
import dev.recall.redis.bundled.RedisProcess;
import dev.recall.testing.NodeProcess;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;

/**
 * Measures how soon a lock passes to whoever waits for it: on the node of its holder, on another
 * node that shares the Redis, and after the death of the holder's node.
 */
public final class LockLoad {

  private static final int WARM_UP = 30;
  private static final long LONG_MS = 30_000;
  private static final long SHORT_TTL_MS = 2_000;

  /** The clocks of a node and ours are in no step: a lock is given back at any time. */
  private static final int OUT_OF_STEP_MS = 25;

  private final LockClient client = new LockClient();
  private final SplittableRandom random = new SplittableRandom();
  private final Effort effort;

  private LockLoad(Effort effort) {
    this.effort = effort;
  }

  /** Prints its figures as Markdown, after about a minute. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    LockLoad load = new LockLoad(Effort.asked());
    try (RedisProcess redis = new RedisProcess();
        DataDirectory data = new DataDirectory();
        NodeProcess one = node(data, redis);
        NodeProcess other = node(data, redis)) {
      System.out.println("| a lock passes | times | p50 ms | p99 ms | most ms |");
      System.out.println("|---|---:|---:|---:|---:|");
      load.handOver("on one node", one, one);
      load.handOver("between two nodes", one, other);
      load.outlive(data, redis, other);
    }
  }

  private static NodeProcess node(DataDirectory data, RedisProcess redis) throws IOException {
    return Benchmarks.node(data, "--redis.url=" + redis.url());
  }

  // Who waited is the next holder, and the other one waits.
  private void handOver(String name, NodeProcess one, NodeProcess other) {
    Times fromAnswer = new Times();
    Times fromRequest = new Times();
    URI here = one.at("/v1/locks/bench");
    URI there = other.at("/v1/locks/bench");
    Hold held = client.acquire(here, LONG_MS, 0).join();
    for (int i = 0; i < WARM_UP + effort.handOvers(); i++) {
      boolean away = held.lock().equals(here);
      CompletableFuture<Hold> waiting = client.acquire(away ? there : here, LONG_MS, LONG_MS);
      awaitWaiter(away ? other : one);
      Release released = client.release(held);
      held = waiting.join();
      if (i >= WARM_UP) {
        fromAnswer.add(released.answered(), held.answered());
        fromRequest.add(released.asked(), held.answered());
      }
    }
    client.release(held);
    print(name + ", from the answer to the DELETE", fromAnswer);
    print(name + ", from the DELETE itself", fromRequest);
  }

  private void awaitWaiter(NodeProcess node) {
    await()
        .pollInterval(Duration.ofMillis(1 + random.nextInt(OUT_OF_STEP_MS)))
        .until(() -> node.meter("recall_lock_waiting ") == 1);
  }

  // The lock is held until its time is over: what counts is how much later it has passed.
  private void outlive(DataDirectory data, RedisProcess redis, NodeProcess survivor)
      throws IOException {
    Times late = new Times();
    for (int i = 0; i < effort.rounds(); i++) {
      try (NodeProcess mortal = node(data, redis)) {
        client.release(client.acquire(mortal.at("/v1/locks/warm"), SHORT_TTL_MS, 0).join());
        Hold held = client.acquire(mortal.at("/v1/locks/bench"), SHORT_TTL_MS, 0).join();
        CompletableFuture<Hold> waiting =
            client.acquire(survivor.at("/v1/locks/bench"), LONG_MS, LONG_MS);
        awaitWaiter(survivor);
        mortal.kill();
        Hold inherited = waiting.join();
        late.add(held.asked() + SHORT_TTL_MS * 1_000_000, inherited.answered());
        client.release(inherited);
      }
    }
    print("after kill -9 of its node, from the end of its TTL", late);
  }

  private static void print(String name, Times times) {
    System.out.printf(
        Locale.ROOT,
        "| %s | %d | %.1f | %.1f | %.1f |%n",
        name,
        times.count(),
        times.percentile(50),
        times.percentile(99),
        times.percentile(100));
  }
}
