package dev.recall.field;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recall.redis.RedisCli;
import dev.recall.redis.bundled.RedisProcess;
import dev.recall.testing.LoopbackPort;
import dev.recall.testing.NodeProcess;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A node on one of two shards of a Redis cluster, which is no place for it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ShardIT {

  private static final int HALF = 8_192;

  private RedisProcess shard;
  private RedisProcess other;
  private RedisCli cli;
  private NodeProcess node;

  @BeforeAll
  void start() throws Exception {
    int memberPort = LoopbackPort.free();
    shard =
        new RedisProcess(
            "--cluster-enabled", "yes", "--cluster-port", Integer.toString(LoopbackPort.free()));
    other =
        new RedisProcess(
            "--cluster-enabled", "yes", "--cluster-port", Integer.toString(memberPort));
    cli = new RedisCli(shard.url());
    try (RedisCli toOther = new RedisCli(other.url())) {
      cli.run("CLUSTER", "ADDSLOTSRANGE", "0", Integer.toString(HALF - 1));
      toOther.run("CLUSTER", "ADDSLOTSRANGE", Integer.toString(HALF), "16383");
      cli.run(
          "CLUSTER",
          "MEET",
          "127.0.0.1",
          Integer.toString(other.port()),
          Integer.toString(memberPort));
      await()
          .atMost(Duration.ofSeconds(20))
          .until(
              () ->
                  cli.run("CLUSTER", "INFO").contains("cluster_state:ok")
                      && toOther.run("CLUSTER", "INFO").contains("cluster_state:ok"));
    }
    node = NodeProcess.likeRunSh().started("--redis.url=" + shard.url());
  }

  @AfterAll
  void stop() {
    node.close();
    cli.close();
    other.close();
    shard.close();
  }

  @Test
  void
      counters_whenThoseOfBothShardsAreAskedForAtOnce_areCountedWhereTheyAreOfThisOneAndRefusedElse() {
    List<String> names = IntStream.range(0, 200).mapToObj(i -> "c" + i).toList();
    List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
    names.forEach(name -> answers.add(node.ask("GET", "/counter/" + name, "")));

    for (int i = 0; i < names.size(); i++) {
      HttpResponse<String> answer = answers.get(i).join();
      if (isHere("counter:" + names.get(i))) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      } else {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
        assertThat(answer.body())
            .contains("urn:recall:redis-unavailable")
            .contains("several shards, and this is another's key: EVALSHA on counter:*");
      }
    }
  }

  @Test
  void ready_onceAnotherShardsKeyWasAskedFor_isDegradedThoughOthersAreServed() throws Exception {
    assertThat(node.get("/counter/" + counter(false)).statusCode()).isEqualTo(503);
    assertThat(node.get("/counter/" + counter(true)).statusCode()).isEqualTo(200);

    assertThat(node.manage("/health/ready"))
        .startsWith("{\"status\":\"degraded\"")
        .contains("redis-refusals")
        .contains("this is another's key: EVALSHA on counter:*");
  }

  @Test
  void log_whenKeysOfBothShardsAreAskedForInTurn_saysItOnceAndDoesNotTakeItBack() throws Exception {
    for (int i = 0; i < 20; i++) {
      node.get("/counter/" + counter(i % 2 == 0));
    }

    assertThat(node.output().split("another's key: EVALSHA on counter:", -1)).hasSize(2);
    assertThat(node.output()).doesNotContain("no longer refuses EVALSHA on counter:");
  }

  @Test
  void documents_whenTheyAreOfBothShards_areMissingOrRefusedAndNeverA500() {
    for (int i = 0; i < 20; i++) {
      HttpResponse<String> answer = node.get("/v1/state/session/s" + i);

      assertThat(answer.statusCode()).as(answer.body()).isIn(404, 503);
    }
  }

  @Test
  void calculate_whenResultsAreOfBothShards_isAnswered() {
    for (int i = 0; i < 20; i++) {
      HttpResponse<String> answer = node.get("/cache/calculate/" + i);

      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }
  }

  /** One whose key is of this shard, or not. */
  private String counter(boolean here) {
    return IntStream.range(0, 200)
        .mapToObj(i -> "c" + i)
        .filter(name -> isHere("counter:" + name) == here)
        .findFirst()
        .orElseThrow();
  }

  private boolean isHere(String key) {
    return cli.number("CLUSTER", "KEYSLOT", key) < HALF;
  }
}
