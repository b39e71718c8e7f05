package dev.recall.field;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recall.redis.bundled.RedisProcess;
import dev.recall.testing.NodeProcess;
import dev.recall.testing.Silence;
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

/** A NAT between node and Redis that forgets idle connections without a word. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SilenceIT {

  /** With two loops a node that nobody asks proves its connections every five seconds. */
  private static final Duration MEMORY = Duration.ofSeconds(7);

  private static final Duration SILENCE = MEMORY.plusMillis(1_500);

  /** More than there are loops, each on a connection of its own. */
  private static final int AT_ONCE = 8;

  private RedisProcess redis;
  private ForgetfulNat nat;
  private NodeProcess node;

  @BeforeAll
  void start() throws Exception {
    redis = new RedisProcess();
    nat = new ForgetfulNat(redis.port(), MEMORY);
    node =
        NodeProcess.likeRunSh("-XX:ActiveProcessorCount=2")
            .started("--redis.url=" + nat.url(), "--cache.near.max-bytes=0B");
  }

  @AfterAll
  void stop() {
    node.close();
    nat.close();
    redis.close();
  }

  @Test
  void counters_afterASilence_areCountedOnEachLoopInTheUsualTime() throws Exception {
    countAtOnce();
    Silence.last(SILENCE);

    long begun = System.nanoTime();
    List<HttpResponse<String>> answers = countAtOnce();
    Duration time = Duration.ofNanos(System.nanoTime() - begun);

    assertThat(answers)
        .allSatisfy(answer -> assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200));
    assertThat(time).isLessThan(Duration.ofMillis(500));
  }

  @Test
  void get_afterASilence_isNotComputedAnew() throws Exception {
    node.get("/cache/calculate/300");
    double computed = node.meter("recall_cache_computed_total");
    Silence.last(SILENCE);

    HttpResponse<String> answer = node.get("/cache/calculate/300");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains("\"source\":\"cache\"");
    assertThat(node.meter("recall_cache_computed_total")).isEqualTo(computed);
  }

  @Test
  void acquire_afterASilence_getsTheLockFastAgainAndAgain() throws Exception {
    HandOver.time(node, "warm");
    Silence.last(SILENCE);

    for (int i = 0; i < 5; i++) {
      assertThat(HandOver.time(node, "l")).isLessThan(Duration.ofMillis(300));
    }
  }

  @Test
  void counters_whenEveryConnectionWasForgottenThoughProved_areCounted() {
    long connections = nat.remembered();
    nat.forgetAll();
    await().atMost(Duration.ofSeconds(15)).until(() -> nat.remembered() >= connections);

    assertThat(countAtOnce())
        .allSatisfy(answer -> assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200));
  }

  private List<HttpResponse<String>> countAtOnce() {
    List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
    IntStream.range(0, AT_ONCE).forEach(i -> all.add(node.ask("GET", "/counter/c" + i, "")));
    return all.stream().map(CompletableFuture::join).toList();
  }
}
