package dev.recall.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recall.failure.Failure;
import dev.recall.redis.RedisCli;
import dev.recall.redis.bundled.SharedRedis;
import dev.recall.testing.Cluster;
import dev.recall.testing.Node;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Computations that applications lend by the client. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LendIT {

  private static final String RESULT = "/v1/results/price/";
  private static final JsonObject DEFINITION =
      new JsonObject().put("ttl", "60s").put("not-found-for", "30s");

  private final List<RecallClient> clients = new ArrayList<>();
  private RedisCli redis;
  private Node node;
  private Vertx application;

  @BeforeAll
  @Timeout(180)
  void start(@TempDir Path conf) throws IOException {
    redis = new RedisCli(SharedRedis.url());
    Cluster cluster = new Cluster(conf);
    node = cluster.node("redis.url=" + SharedRedis.url());
    application = cluster.application();
  }

  @AfterAll
  void stop() {
    Node.await(application.close());
    node.close();
    redis.close();
  }

  @BeforeEach
  void empty() {
    Node.flush(redis, node);
  }

  @AfterEach
  void endAll() {
    clients.forEach(client -> Node.await(client.close()));
    clients.clear();
    await().until(() -> node.get("/v1/computations/price").statusCode() == 404);
  }

  private RecallClient client(ClientOptions options) {
    RecallClient client = RecallClient.overBus(application, options);
    clients.add(client);
    return client;
  }

  private Lending lent(Function<String, Future<String>> make) {
    return Node.await(client(ClientOptions.DEFAULT).lend("price", DEFINITION, make));
  }

  @Test
  void lend_isAskedAndRemembered() {
    AtomicInteger asked = new AtomicInteger();
    lent(
        input -> {
          asked.incrementAndGet();
          return Future.succeededFuture("of " + input);
        });

    assertThat(node.get(RESULT + "%C3%A9%201").body()).isEqualTo("of é 1");
    assertThat(node.get(RESULT + "%C3%A9%201").body()).isEqualTo("of é 1");
    assertThat(asked).hasValue(1);
  }

  @Test
  void lend_isStillAskedWhenItWouldBeForgottenWithoutHeartbeats() {
    lent(input -> Future.succeededFuture("of " + input));
    AtomicInteger heard = new AtomicInteger();
    application.eventBus().consumer("recall.v1.computations.lent", lent -> heard.incrementAndGet());

    // Past the ten seconds after which the first announcement counts no more.
    await().atMost(Duration.ofSeconds(40)).until(() -> heard.get() >= 5);

    assertThat(node.get(RESULT + "1").body()).isEqualTo("of 1");
  }

  @ParameterizedTest
  @CsvSource({
    "NO_SUCH_RESULT, 404, no-such-result",
    "TRY_LATER, 503, try-later",
    "INVALID, 422, invalid",
    "OVERLOADED, 503, overloaded",
    "STALE_FENCE, 502, origin-failed"
  })
  void lend_whenItRefuses_isToldThat(Failure failure, int status, String type) {
    lent(input -> Future.failedFuture(failure.because("sold out")));

    HttpResponse<String> answer = node.get(RESULT + failure);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.body()).contains("urn:recall:" + type);
  }

  @Test
  void lend_whenItThrows_isABadGatewayThatTellsNoSecret() {
    lent(
        input -> {
          throw new IllegalStateException("a secret");
        });

    HttpResponse<String> answer = node.get(RESULT + "1");
    assertThat(answer.statusCode()).isEqualTo(502);
    assertThat(answer.body()).doesNotContain("secret");
  }

  @Test
  void lend_whenItMakesAsManyAsItMay_refusesMore() {
    Promise<String> result = Promise.promise();
    AtomicInteger asked = new AtomicInteger();
    Node.await(
        client(ClientOptions.DEFAULT.maxInFlight(1))
            .lend(
                "price",
                DEFINITION,
                input -> {
                  asked.incrementAndGet();
                  return result.future();
                }));
    CompletableFuture<HttpResponse<String>> first = node.getAsync(RESULT + "1");
    await().until(() -> asked.get() == 1);

    HttpResponse<String> second = node.get(RESULT + "2");

    assertThat(second.statusCode()).isEqualTo(503);
    assertThat(second.body()).contains("overloaded");
    assertThat(asked).hasValue(1);
    result.complete("made");
    assertThat(first.join().body()).isEqualTo("made");
  }

  @Test
  void end_answersWhatWasAskedAndIsAskedNoMore() {
    Promise<String> result = Promise.promise();
    AtomicInteger asked = new AtomicInteger();
    Lending lending =
        lent(
            input -> {
              asked.incrementAndGet();
              return result.future();
            });
    CompletableFuture<HttpResponse<String>> before = node.getAsync(RESULT + "1");
    await().until(() -> asked.get() == 1);

    Future<Void> ended = lending.end();
    await().until(() -> node.get("/v1/computations/price").statusCode() == 404);
    assertThat(ended.isComplete()).isFalse();
    result.complete("made");

    assertThat(before.join().body()).isEqualTo("made");
    Node.await(ended);
    Node.await(lending.end());
  }

  @Test
  void close_endsWhatIsLent() {
    lent(input -> Future.succeededFuture("of " + input));

    Node.await(clients.get(0).close());

    await().until(() -> node.get("/v1/computations/price").statusCode() == 404);
  }

  @Test
  void lend_ofWhatCannotBe_isRefusedAndAnsweredNowhere() {
    RecallClient client = client(ClientOptions.DEFAULT);
    Function<String, Future<String>> make = Future::succeededFuture;

    OnNode.assertFails(client.lend("fib", DEFINITION, make), Failure.DEFINED_ELSEWHERE);
    OnNode.assertFails(client.lend("price", new JsonObject(), make), Failure.INVALID);
    OnNode.assertFails(
        RecallClient.overHttp(application, URI.create("http://127.0.0.1:" + node.httpPort()))
            .lend("price", DEFINITION, make),
        Failure.NO_SUCH_ROUTE);
    lent(input -> Future.succeededFuture("of " + input));
    OnNode.assertFails(
        client.lend("price", new JsonObject().put("ttl", "1s"), make), Failure.DEFINED_ELSEWHERE);
  }
}
