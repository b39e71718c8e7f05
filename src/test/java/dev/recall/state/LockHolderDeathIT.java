package dev.recall.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recall.redis.CommandCount;
import dev.recall.redis.RedisCli;
import dev.recall.redis.bundled.RedisProcess;
import dev.recall.testing.LockCaller;
import dev.recall.testing.LockCaller.Hold;
import dev.recall.testing.Node;
import dev.recall.testing.NodeProcess;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The node over which a lock was taken is killed: a process of its own, the packaged jar. */
class LockHolderDeathIT {

  private static final Logger LOG = LoggerFactory.getLogger(LockHolderDeathIT.class);
  private static final long TTL_MS = 1_500;

  /** Beside the 200 ms that are aimed at and logged: what a busy machine may take. */
  private static final long SLACK_MS = 5_000;

  @Test
  void acquire_whenTheNodeOfTheHolderIsKilled_isServedWhenTheLockExpires() throws Exception {
    try (RedisProcess redis = new RedisProcess();
        RedisCli cli = new RedisCli(redis.url());
        Node other = Node.started("redis.url=" + redis.url());
        NodeProcess node = NodeProcess.likeRunSh().started("--redis.url=" + redis.url())) {
      String wanted = new JsonObject().put("ttl_ms", TTL_MS).encode();
      Hold holder = LockCaller.hold(node.ask("POST", "/v1/locks/k", wanted).join());
      // By the clock of Redis, which is that of this machine.
      long expires = System.currentTimeMillis() + cli.number("PTTL", "lock:k");
      long asked = CommandCount.scripts(cli);
      CompletableFuture<HttpResponse<String>> waiting =
          CompletableFuture.supplyAsync(() -> new LockCaller(other, "k").acquire(TTL_MS, 20_000));
      await()
          .pollInterval(Duration.ofMillis(2))
          .until(() -> waiting.isDone() || CommandCount.scripts(cli) > asked);

      node.kill();

      Hold next = LockCaller.hold(waiting.join());
      long late = System.currentTimeMillis() - expires;
      LOG.info("The next holder had the lock {} ms after it expired (target: 200 ms)", late);
      assertThat(next.fence()).isEqualTo(holder.fence() + 1);
      assertThat(late).isBetween(-50L, SLACK_MS);
    }
  }
}
