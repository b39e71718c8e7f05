package dev.recall.http;

import static dev.recall.testing.ProblemAssertions.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.recall.api.ComputeApi;
import dev.recall.api.ComputeApi.Answer;
import dev.recall.api.ComputeApi.Ask;
import dev.recall.bus.Bus;
import dev.recall.bus.BusMeters;
import dev.recall.bus.BusParts;
import dev.recall.bus.Requester;
import dev.recall.compute.Held;
import dev.recall.redis.RedisCli;
import dev.recall.redis.bundled.SharedRedis;
import dev.recall.testing.Node;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A node whose only worker is held and whose queue of one is full. */
class OverloadIT {

  private Node node;
  private RedisCli redis;
  private Requester<Ask, Answer> workers;
  private Future<Answer> running;
  private Future<Answer> waiting;

  @BeforeEach
  void fill() throws InterruptedException {
    redis = new RedisCli(SharedRedis.url());
    redis.run("FLUSHALL");
    redis.run("SET", "fib:10", "55");
    node =
        Node.started(
            "redis.url=" + SharedRedis.url(),
            "compute.threads=1",
            "compute.queue=1",
            "compute.deadline=5s");
    Bus bus =
        new Bus(
            node.vertx(), new BusParts(new BusMeters(new SimpleMeterRegistry()), System::nanoTime));
    workers = bus.requester(ComputeApi.of("held"), Duration.ofSeconds(10));
    running = workers.request(new Ask("first"));
    Held.awaitBegun();
    waiting = workers.request(new Ask("second"));
  }

  @AfterEach
  void stop() {
    node.close();
    redis.close();
  }

  @Test
  void calculate_whenNothingIsRemembered_is503WithRetryAfter() {
    var answer = node.get("/cache/calculate/11");

    assertProblem(answer, 503, "overloaded");
    assertThat(answer.headers().firstValue("retry-after")).hasValue("1");
    Held.release(2);
  }

  @Test
  void otherRoutes_whileTheWorkersAreFull_areUnaffected() {
    assertThat(node.get("/cache/calculate/10").statusCode()).isEqualTo(200);
    assertThat(node.get("/counter/a").statusCode()).isEqualTo(200);
    assertThat(node.get("/example").statusCode()).isEqualTo(200);
    assertThat(node.manage("/health/live").statusCode()).isEqualTo(200);
    Held.release(2);
  }

  @Test
  void workers_whenReleased_answerWhatTheyTook() throws InterruptedException {
    Held.release(1);
    assertThat(Node.await(running).result()).isEqualTo("held first");
    Held.awaitBegun();
    Held.release(1);

    assertThat(Node.await(waiting).result()).isEqualTo("held second");
    assertThat(node.get("/cache/calculate/11").body()).contains("89,\"source\":\"database\"");
  }

  @Test
  void workers_pastTheDeadline_areInterruptedAndFreeAgain() {
    assertThatThrownBy(() -> Node.await(running)).hasMessageContaining("not computed within");
    assertThatThrownBy(() -> Node.await(waiting)).hasMessageContaining("not computed within");

    assertThat(node.get("/cache/calculate/11").statusCode()).isEqualTo(200);
  }
}
