package dev.recall.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recall.redis.CommandCount;
import dev.recall.redis.RedisCli;
import dev.recall.redis.bundled.RedisProcess;
import dev.recall.testing.LockCaller;
import dev.recall.testing.LockCaller.Hold;
import dev.recall.testing.Node;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The node over which a lock was taken is killed: a process of its own, the packaged jar. */
class LockHolderDeathIT {

  private static final Logger LOG = LoggerFactory.getLogger(LockHolderDeathIT.class);
  private static final Pattern LISTENS = Pattern.compile("listens on (http://[0-9.:]+)");
  private static final long TTL_MS = 1_500;

  /** Beside the 200 ms that are aimed at and logged: what a busy machine may take. */
  private static final long SLACK_MS = 5_000;

  @TempDir private Path dir;

  @Test
  void acquire_whenTheNodeOfTheHolderIsKilled_isServedWhenTheLockExpires() throws Exception {
    try (RedisProcess redis = new RedisProcess();
        RedisCli cli = new RedisCli(redis.url());
        Node other = Node.started("redis.url=" + redis.url())) {
      Process node = start(redis.url());
      Hold holder = acquire(address());
      // By the clock of Redis, which is that of this machine.
      long expires = System.currentTimeMillis() + cli.number("PTTL", "lock:k");
      long asked = CommandCount.scripts(cli);
      CompletableFuture<HttpResponse<String>> waiting =
          CompletableFuture.supplyAsync(() -> new LockCaller(other, "k").acquire(TTL_MS, 20_000));
      await()
          .pollInterval(Duration.ofMillis(2))
          .until(() -> waiting.isDone() || CommandCount.scripts(cli) > asked);

      node.destroyForcibly().onExit().join(); // kill -9

      Hold next = LockCaller.hold(waiting.join());
      long late = System.currentTimeMillis() - expires;
      LOG.info("The next holder had the lock {} ms after it expired (target: 200 ms)", late);
      assertThat(next.fence()).isEqualTo(holder.fence() + 1);
      assertThat(late).isBetween(-50L, SLACK_MS);
    }
  }

  private Process start(String redisUrl) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Process node =
        new ProcessBuilder(
                java,
                "-Xmx256m",
                "-jar",
                System.getProperty("recall.jar"),
                "--http.port=0",
                "--management.port=0",
                "--redis.url=" + redisUrl)
            .redirectErrorStream(true)
            .redirectOutput(dir.resolve("out").toFile())
            .start();
    await().atMost(Duration.ofSeconds(20)).until(() -> output().contains("/counter/123"));
    return node;
  }

  private String address() throws IOException {
    Matcher matcher = LISTENS.matcher(output());
    assertThat(matcher.find()).isTrue();
    return matcher.group(1);
  }

  private String output() throws IOException {
    return Files.readString(dir.resolve("out"));
  }

  private static Hold acquire(String address) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(address + "/v1/locks/k"))
            .header("Content-Type", "application/json")
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    new JsonObject().put("ttl_ms", TTL_MS).encode()))
            .build();
    return LockCaller.hold(
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()));
  }
}
