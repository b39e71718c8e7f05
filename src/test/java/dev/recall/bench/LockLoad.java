package dev.recall.bench;

import dev.recall.bench.LockClient.Hold;
import dev.recall.bench.LockClient.Release;
import dev.recall.redis.bundled.RedisProcess;
import java.io.IOException;
import java.net.URI;
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

  /** By when one who asked for a lock surely waits for it. */
  private static final int WAITING_MS = 25;

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
        ServerProcess one = node(data, redis);
        ServerProcess other = node(data, redis)) {
      System.out.println("| a lock passes | times | p50 ms | p99 ms | most ms |");
      System.out.println("|---|---:|---:|---:|---:|");
      load.handOver("on one node", one, one);
      load.handOver("between two nodes", one, other);
      load.outlive(data, redis, other);
    }
  }

  private static ServerProcess node(DataDirectory data, RedisProcess redis)
      throws IOException, InterruptedException {
    return ServerProcess.recall(data.path(), "--management.port=0", "--redis.url=" + redis.url());
  }

  // Who waited is the next holder, and the other one waits.
  private void handOver(String name, ServerProcess one, ServerProcess other)
      throws InterruptedException {
    Times fromAnswer = new Times();
    Times fromRequest = new Times();
    URI here = one.at("/v1/locks/bench");
    URI there = other.at("/v1/locks/bench");
    Hold held = client.acquire(here, LONG_MS, 0).join();
    for (int i = 0; i < WARM_UP + effort.handOvers(); i++) {
      CompletableFuture<Hold> waiting =
          client.acquire(held.lock().equals(here) ? there : here, LONG_MS, LONG_MS);
      Thread.sleep(WAITING_MS + random.nextInt(WAITING_MS));
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

  // The lock is held until its time is over: what counts is how much later it has passed.
  private void outlive(DataDirectory data, RedisProcess redis, ServerProcess survivor)
      throws IOException, InterruptedException {
    Times late = new Times();
    for (int i = 0; i < effort.rounds(); i++) {
      try (ServerProcess mortal = node(data, redis)) {
        client.release(client.acquire(mortal.at("/v1/locks/warm"), SHORT_TTL_MS, 0).join());
        Hold held = client.acquire(mortal.at("/v1/locks/bench"), SHORT_TTL_MS, 0).join();
        CompletableFuture<Hold> waiting =
            client.acquire(survivor.at("/v1/locks/bench"), LONG_MS, LONG_MS);
        Thread.sleep(WAITING_MS);
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
