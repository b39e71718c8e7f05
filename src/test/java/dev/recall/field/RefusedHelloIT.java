package dev.recall.field;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recall.redis.bundled.RedisProcess;
import dev.recall.testing.NodeProcess;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A Redis that refuses the first HELLO with {@code NOPROTO} and does all the rest. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RefusedHelloIT {

  private RedisProcess redis;
  private RefusingHello proxy;
  private NodeProcess node;

  @BeforeAll
  void start() throws Exception {
    redis = new RedisProcess();
    proxy = new RefusingHello(redis.port());
    node = NodeProcess.likeRunSh().started("--redis.url=" + proxy.url());
    assertThat(proxy.hellos()).isPositive();
  }

  @AfterAll
  void stop() {
    node.close();
    proxy.close();
    redis.close();
  }

  @Test
  void counter_whenTheFirstHelloWasRefused_isCounted() {
    assertThat(node.get("/counter/a").body()).contains("\"visits\":1");
    assertThat(node.get("/counter/a").body()).contains("\"visits\":2");
  }

  @Test
  void calculate_whenTheFirstHelloWasRefused_isAnsweredFromTheCache() {
    assertThat(node.get("/cache/calculate/20").body()).contains("\"source\":\"database\"");
    assertThat(node.get("/cache/calculate/20").body()).contains("\"source\":\"cache\"");
  }

  @Test
  void acquire_whileSomebodyHasTheLock_getsItWhenThatOneGivesItBack() throws Exception {
    assertThat(HandOver.time(node, "l")).isLessThan(Duration.ofSeconds(2));
  }

  @Test
  void ready_onceTheNextHelloIsAnswered_isReady() {
    await()
        .atMost(Duration.ofSeconds(15))
        .untilAsserted(
            () -> assertThat(node.manage("/health/ready")).startsWith("{\"status\":\"ready\""));
  }
}
