package dev.recall.state;

import static dev.recall.testing.ProblemAssertions.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recall.redis.RedisCli;
import dev.recall.redis.bundled.RedisProcess;
import dev.recall.testing.Node;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Locks whose taking went wrong somewhere: nobody may be left out by a hold that nobody has. */
class LockInDoubtIT {

  private static final String A_DAY = "{\"ttl_ms\":86400000}";
  private static final String WAITING = "{\"wait_ms\":30000}";

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private RedisProcess server;
  private RedisCli redis;
  private Node node;

  @BeforeEach
  void start() {
    server = new RedisProcess();
    redis = new RedisCli(server.url());
    node = Node.started("redis.url=" + server.url());
  }

  @AfterEach
  void stop() {
    node.close();
    redis.close();
    server.close();
    threads.shutdownNow();
  }

  private HttpResponse<String> acquire(String body) {
    return node.sendJson("POST", "/v1/locks/l", body);
  }

  @Test
  void acquire_whenTheOutcomeIsUnknown_isGivenBackWhenRedisIsBack() {
    // From then on Redis knows the script: one that it does not know takes no lock.
    assertThat(node.sendJson("POST", "/v1/locks/other", A_DAY).statusCode()).isEqualTo(201);
    server.freeze();
    assertProblem(acquire(A_DAY), 503, "outcome-unknown");
    server.thaw();

    await().until(() -> "1".equals(redis.run("HGET", "fence:l", "issued")));
    await().until(() -> "0".equals(redis.run("EXISTS", "lock:l")));
  }

  @Test
  void acquire_whenManyWaitAndRedisGoesAway_answersAllAndServesTheNext() {
    assertThat(acquire(A_DAY).statusCode()).isEqualTo(201);
    List<CompletableFuture<HttpResponse<String>>> waiting =
        IntStream.range(0, 1000)
            .mapToObj(i -> CompletableFuture.supplyAsync(() -> acquire(WAITING), threads))
            .toList();
    await().until(() -> node.meter("recall_lock_waiting") >= 1000);
    server.freeze();
    waiting.forEach(CompletableFuture::join);
    server.thaw();
    redis.run("DEL", "lock:l");

    await().until(() -> acquire(A_DAY).statusCode() == 201);
  }

  @Test
  void stop_whenSomebodyWaits_tellsThemAndTakesNothing() {
    assertThat(acquire(A_DAY).statusCode()).isEqualTo(201);
    String token = redis.run("HGET", "lock:l", "token");
    CompletableFuture<HttpResponse<String>> waiting =
        CompletableFuture.supplyAsync(() -> acquire(WAITING), threads);
    await().until(() -> node.meter("recall_lock_waiting") == 1);

    node.close();

    assertProblem(waiting.join(), 409, "lock-held");
    assertThat(redis.run("HGET", "lock:l", "token")).isEqualTo(token);
  }
}
