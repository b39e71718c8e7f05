package dev.recall.state;

import static dev.recall.testing.ProblemAssertions.assertProblem;
import static dev.recall.testing.StateRequest.CONFIG_GET;
import static dev.recall.testing.StateRequest.COUNTER_ADD;
import static dev.recall.testing.StateRequest.COUNTER_GET;
import static dev.recall.testing.StateRequest.LOCK_ACQUIRE;
import static dev.recall.testing.StateRequest.LOCK_ACQUIRE_FREE;
import static dev.recall.testing.StateRequest.SESSION_DELETE;
import static dev.recall.testing.StateRequest.SESSION_GET;
import static dev.recall.testing.StateRequest.SESSION_PUT_NEW;
import static dev.recall.testing.StateRequest.SESSION_REPLACE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recall.redis.RedisCli;
import dev.recall.redis.RedisContents;
import dev.recall.redis.bundled.RedisProcess;
import dev.recall.testing.LockCaller;
import dev.recall.testing.Node;
import dev.recall.testing.StateContents;
import dev.recall.testing.StateRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A Redis that cannot do what it is asked: without memory, read-only, without our scripts, or not
 * any more.
 */
class StateFaultIT {

  private static final Duration BACK_WITHIN = Duration.ofSeconds(5);

  private static RedisProcess redis;
  private static RedisCli cli;
  private static Node node;

  @BeforeAll
  static void start() {
    redis = new RedisProcess();
    cli = new RedisCli(redis.url());
    node = Node.started("redis.url=" + redis.url());
  }

  @AfterAll
  static void stop() {
    node.close();
    cli.close();
    redis.close();
  }

  @BeforeEach
  void fill() {
    cli.run("FLUSHALL");
    StateContents.fill(cli);
  }

  @AfterEach
  void mend() {
    cli.run("CONFIG", "SET", "maxmemory", "0");
    cli.run("REPLICAOF", "NO", "ONE");
    await()
        .atMost(BACK_WITHIN)
        .until(() -> node.get("/counter/back" + System.nanoTime()).statusCode() == 200);
  }

  @ParameterizedTest
  @EnumSource(
      names = {
        "COUNTER_ADD",
        "COUNTER_ADD_ONCE",
        "COUNTER_VISIT",
        "SESSION_REPLACE",
        "SESSION_REPLACE_FENCED",
        "SESSION_PUT_NEW",
        "SESSION_CREATE",
        "SESSION_ROTATE",
        "SESSION_ROTATE_VERSION",
        "LOCK_ACQUIRE_FREE"
      })
  void write_whenRedisHasNoMemory_isRefusedAndLeavesAllAsItWas(StateRequest request) {
    RedisContents before = RedisContents.of(cli);
    cli.run("CONFIG", "SET", "maxmemory", "1");

    HttpResponse<String> answer = request.sentTo(node);

    assertProblem(answer, 503, "redis-unavailable");
    assertThat(answer.body()).contains("Redis has no memory left");
    before.assertUnchanged(cli);
  }

  @ParameterizedTest
  @EnumSource(names = {"COUNTER_GET", "SESSION_GET", "CONFIG_GET"})
  void read_whenRedisHasNoMemory_isAnswered(StateRequest request) {
    cli.run("CONFIG", "SET", "maxmemory", "1");

    assertThat(request.sentTo(node).statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @EnumSource(names = {"COUNTER_DELETE", "SESSION_DELETE", "CONFIG_DELETE", "LOCK_BREAK"})
  void removal_whenRedisHasNoMemory_isDone(StateRequest request) {
    cli.run("CONFIG", "SET", "maxmemory", "1");

    assertThat(request.sentTo(node).statusCode()).isEqualTo(204);
  }

  @Test
  void deleteOfASession_whenRedisHasNoMemory_isForGood() {
    cli.run("CONFIG", "SET", "maxmemory", "1");
    assertThat(SESSION_DELETE.sentTo(node).statusCode()).isEqualTo(204);
    cli.run("CONFIG", "SET", "maxmemory", "0");

    assertProblem(SESSION_GET.sentTo(node), 404, "no-such-document");
    assertProblem(SESSION_PUT_NEW.sentTo(node), 412, "stale-version");
  }

  @Test
  void write_whenRedisIsAReadOnlyReplica_isRefusedAndLeavesAllAsItWas() {
    RedisContents before = RedisContents.of(cli);
    cli.run("REPLICAOF", "127.0.0.1", "1");
    Set<StateRequest> writes =
        EnumSet.complementOf(EnumSet.of(COUNTER_GET, CONFIG_GET, LOCK_ACQUIRE, SESSION_PUT_NEW));

    for (StateRequest request : writes) {
      // Now and then a connection is renewed, and what is in flight on it is lost.
      await(request.name())
          .until(
              () -> request.sentTo(node),
              answer -> answer.body().contains("Redis is a read-only replica"));
    }

    before.assertUnchanged(cli);
  }

  @ParameterizedTest
  @EnumSource(names = {"COUNTER_GET", "CONFIG_GET"})
  void read_whenRedisIsAReadOnlyReplica_isAnswered(StateRequest request) {
    cli.run("REPLICAOF", "127.0.0.1", "1");

    assertThat(request.sentTo(node).statusCode()).isEqualTo(200);
  }

  @Test
  void anyRequest_whenTheScriptsAreFlushed_isAnsweredAsBefore() {
    for (StateRequest request : EnumSet.allOf(StateRequest.class)) {
      cli.run("FLUSHALL");
      StateContents.fill(cli);
      int before = request.sentTo(node).statusCode();
      cli.run("FLUSHALL");
      StateContents.fill(cli);
      cli.run("SCRIPT", "FLUSH");

      assertThat(request.sentTo(node).statusCode()).as(request.name()).isEqualTo(before);
    }
  }

  @Test
  void anyRequest_whenRedisIsKilled_isRefusedInTimeAndServedAgainWhenItIsBack() {
    CompletableFuture<HttpResponse<String>> waiting =
        CompletableFuture.supplyAsync(() -> new LockCaller(node, "k").acquire(1_000, 20_000));
    long begun = System.nanoTime();
    redis.kill();

    for (StateRequest request : StateRequest.values()) {
      assertThat(request.sentTo(node).statusCode()).as(request.name()).isEqualTo(503);
    }
    assertThat(waiting.join().statusCode()).isEqualTo(503);
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(10));

    redis.restart();
    await().ignoreExceptions().until(() -> cli.run("PING").equals("PONG"));
    StateContents.fill(cli);
    for (StateRequest request : EnumSet.of(COUNTER_ADD, SESSION_REPLACE, LOCK_ACQUIRE_FREE)) {
      await().atMost(BACK_WITHIN).until(() -> request.sentTo(node).statusCode() < 300);
    }
  }
}
