package dev.recall.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recall.api.ComputeApi;
import dev.recall.api.ComputeApi.Ask;
import dev.recall.bus.Bus;
import dev.recall.bus.BusMeters;
import dev.recall.bus.BusParts;
import dev.recall.compute.Held;
import dev.recall.redis.bundled.RedisProcess;
import dev.recall.redis.bundled.SharedRedis;
import dev.recall.testing.Node;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.internal.VertxInternal;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What operators see of a node's life. */
class HealthIT {

  @Test
  void ready_whenAllIsDeployed_is200WithItsChecks() {
    try (Node node = Node.started("redis.url=" + SharedRedis.url())) {
      var answer = node.manage("/health/ready");

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValue("content-type")).hasValue("application/json");
      assertThat(answer.body())
          .isEqualTo(
              "{\"status\":\"ready\",\"checks\":[{\"name\":\"node\",\"status\":\"up\"},"
                  + "{\"name\":\"redis\",\"status\":\"up\"}]}");
    }
  }

  @Test
  void ready_whenRedisIsLost_isDegradedWith200() {
    try (RedisProcess redis = new RedisProcess();
        Node node = Node.started("redis.url=" + redis.url())) {
      redis.freeze();

      assertThat(node.manage("/health/ready").body())
          .startsWith("{\"status\":\"degraded\"")
          .contains("{\"name\":\"redis\",\"status\":\"down\"}");
      assertThat(node.manage("/health/ready").statusCode()).isEqualTo(200);

      redis.thaw();
      await().until(() -> node.manage("/health/ready").body().contains("\"status\":\"ready\""));
    }
  }

  @Test
  void ready_whileTheNodeDrains_is503AndTheRequestInFlightIsAnswered() throws Exception {
    Node node = Node.started("redis.url=" + SharedRedis.url());
    Bus bus =
        new Bus(
            node.vertx(), new BusParts(new BusMeters(new SimpleMeterRegistry()), System::nanoTime));
    Future<ComputeApi.Answer> inFlight =
        bus.requester(ComputeApi.of("held"), Duration.ofSeconds(10)).request(new Ask("last"));
    Held.awaitBegun();

    Future<Void> stopping = node.application().stop();

    var answer = node.manage("/health/ready");
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.body()).startsWith("{\"status\":\"draining\"");
    assertThat(stopping.isComplete()).isFalse();
    Held.release(1);
    assertThat(Node.await(inFlight).result()).isEqualTo("held last");
    Node.await(stopping);
  }

  @Test
  void live_whileTheLoopsAnswer_is200() {
    try (Node node = Node.started("redis.url=" + SharedRedis.url())) {
      var answer = node.manage("/health/live");

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body())
          .isEqualTo(
              "{\"status\":\"live\",\"checks\":[{\"name\":\"event-loops\",\"status\":\"up\"}]}");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/health/live", "/health/ready"})
  void health_whenAnEventLoopIsStuck_isNotAnswered200(String path) {
    try (Node node = Node.started("redis.url=" + SharedRedis.url())) {
      List<Integer> statuses = new ArrayList<>();
      for (var loop : ((VertxInternal) node.vertx()).nettyEventLoopGroup()) {
        CountDownLatch stuck = new CountDownLatch(1);
        loop.execute(() -> hold(stuck));
        // The loop that serves the management port cannot answer for itself.
        statuses.add(
            node.manageAsync(path)
                .thenApply(HttpResponse::statusCode)
                .completeOnTimeout(0, 3, TimeUnit.SECONDS)
                .join());
        stuck.countDown();
      }

      assertThat(statuses).isNotEmpty().allMatch(status -> status == 0 || status == 503);
      assertThat(statuses).filteredOn(status -> status == 503).hasSize(statuses.size() - 1);
    }
  }

  private static void hold(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }
}
