package dev.recall.lender;

import static dev.recall.testing.ProblemAssertions.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.recall.redis.RedisCli;
import dev.recall.redis.bundled.SharedRedis;
import dev.recall.testing.Cluster;
import dev.recall.testing.Node;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Applications on the event bus that lend a node a computation. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LenderIT {

  private static final String RESULT = "/v1/results/price/";
  private static final JsonObject DEFINITION =
      new JsonObject().put("ttl", "60s").put("max-bytes", "1KiB");

  private final AtomicInteger lenders = new AtomicInteger();
  private final List<Lending> all = new ArrayList<>();

  private RedisCli redis;
  private Node node;
  private Vertx application;

  @BeforeAll
  void start(@TempDir Path conf) throws IOException {
    redis = new RedisCli(SharedRedis.url());
    Cluster cluster = new Cluster(conf);
    node = cluster.node("redis.url=" + SharedRedis.url(), "compute.deadline=2s");
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

  /** One that lends, and answers as the test wants. */
  private final class Lending {

    private final String instance;
    private final MessageConsumer<JsonObject> consumer;
    private final AtomicInteger asked = new AtomicInteger();

    /** One that was never there before, so that nothing is known of it. */
    Lending(String name, Handler<Message<JsonObject>> answer) {
      instance = name + lenders.incrementAndGet();
      consumer =
          application
              .eventBus()
              .consumer(
                  address(),
                  message -> {
                    asked.incrementAndGet();
                    answer.handle(message);
                  });
      Node.await(consumer.completion());
      lend(announcement(false));
      all.add(this);
    }

    private String address() {
      return "recall.v1.compute.price." + instance;
    }

    private JsonObject announcement(boolean gone) {
      return new JsonObject()
          .put("name", "price")
          .put("definition", DEFINITION)
          .put("instance", instance)
          .put("address", address())
          .put("gone", gone);
    }

    /** It answers no more, and tells nobody. */
    void vanish() {
      Node.await(consumer.unregister());
    }

    void end() {
      lend(announcement(true));
    }
  }

  private JsonObject lend(JsonObject announcement) {
    return Node.await(
            application.eventBus().<JsonObject>request("recall.v1.computations.lend", announcement))
        .body();
  }

  private static void answer(Message<JsonObject> message) {
    answer(message, "of " + message.body().getString("input"));
  }

  private static void answer(Message<JsonObject> message, String result) {
    String input = message.body().getString("input");
    message.reply(
        new JsonObject().put("computation", "price").put("input", input).put("result", result));
  }

  @AfterEach
  void endAll() {
    all.forEach(Lending::vanish);
    all.forEach(Lending::end);
    all.clear();
    await().until(() -> node.get("/v1/computations/price").statusCode() == 404);
  }

  @Test
  void lend_whenNobodyHas_isKnownAndAskedOnce() {
    Lending lending = new Lending("a", LenderIT::answer);

    assertThat(node.get("/v1/computations/price").body())
        .contains("\"by\":\"lent\"", "\"ttl_ms\":60000");
    assertThat(node.get(RESULT + "1").body()).isEqualTo("of 1");
    assertThat(node.get(RESULT + "1").body()).isEqualTo("of 1");
    assertThat(lending.asked).hasValue(1);
    assertThat(redis.run("GET", "price:1")).isEqualTo("of 1");
  }

  @Test
  void lend_isToldHowOftenToSayThatItIsThere() {
    Lending lending = new Lending("a", LenderIT::answer);

    assertThat(lend(lending.announcement(false)).encode())
        .isEqualTo("{\"name\":\"price\",\"heartbeat_ms\":3000}");
  }

  @Test
  void get_whenSeveralLend_sharesTheWork() {
    Lending first = new Lending("a", message -> {});
    Lending second = new Lending("b", message -> {});

    List<CompletableFuture<?>> asking =
        IntStream.range(0, 10)
            .<CompletableFuture<?>>mapToObj(i -> node.getAsync(RESULT + "s" + i))
            .toList();

    await().until(() -> first.asked.get() >= 5 && second.asked.get() >= 5);
    asking.forEach(CompletableFuture::join);
  }

  @Test
  void get_whenALenderHasVanished_asksAnother() {
    Lending first = new Lending("a", LenderIT::answer);
    Lending second = new Lending("b", LenderIT::answer);
    first.vanish();

    for (int i = 0; i < 10; i++) {
      assertThat(node.get(RESULT + "v" + i).body()).isEqualTo("of v" + i);
    }

    assertThat(second.asked).hasValue(10);
  }

  @Test
  void get_whenALenderHangs_asksAnotherAndSoonThatOneAlone() {
    Lending hanging = new Lending("a", message -> {});
    Lending working = new Lending("b", LenderIT::answer);

    for (int i = 0; i < 8; i++) {
      assertThat(node.get(RESULT + "h" + i).body()).isEqualTo("of h" + i);
    }

    assertThat(hanging.asked.get()).isLessThanOrEqualTo(4);
    assertThat(working.asked).hasValue(8);
  }

  @Test
  void get_whenTheOnlyLenderHangs_isLate() {
    new Lending("a", message -> {});

    assertProblem(node.get(RESULT + "1"), 504, "timed-out");
  }

  @Test
  void get_whenTheOnlyLenderHasVanished_hasNoServer() {
    new Lending("a", LenderIT::answer).vanish();

    // Until the cluster has told this node, the lender seems to hang.
    await()
        .untilAsserted(
            () -> {
              HttpResponse<String> answer = node.get(RESULT + UUID.randomUUID());
              assertProblem(answer, 503, "no-server");
              assertThat(answer.body()).doesNotContain("failed of late");
            });
  }

  @Test
  void get_whenTheLastLenderEnds_isNoComputation() {
    new Lending("a", LenderIT::answer).end();

    await().until(() -> node.get(RESULT + "1").statusCode() == 404);
    assertProblem(node.get(RESULT + "1"), 404, "no-such-computation");
  }

  @ParameterizedTest
  @CsvSource({
    "40405, 404, no-such-result",
    "50304, 503, try-later",
    "42200, 422, invalid",
    "50302, 503, overloaded",
    "7, 502, origin-failed",
    "50000, 502, origin-failed"
  })
  void get_whenTheLenderRefuses_tellsThat(int code, int status, String type) {
    new Lending("a", message -> message.fail(code, "a stack trace at line 7"));

    assertProblem(node.get(RESULT + code), status, type);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"result\":7}", "{\"computation\":\"price\",\"input\":\"x\"}"})
  void get_whenTheLenderAnswersRubbish_isABadGateway(String rubbish) {
    new Lending("a", message -> message.reply(new JsonObject(rubbish)));

    assertProblem(node.get(RESULT + "1"), 502, "origin-failed");
  }

  @Test
  void get_whenALenderFails_harmsNoOtherComputation() {
    new Lending("a", message -> message.fail(1, "broken"));
    for (int i = 0; i < 10; i++) {
      node.get(RESULT + "f" + i);
    }

    assertThat(node.get("/v1/results/fib/10").body()).isEqualTo("55");
  }

  @ParameterizedTest
  @CsvSource({
    "fib, '{\"ttl\":\"1s\"}', , 40904",
    "price, '{\"ttl\":\"1s\"}', , 40904",
    "other, '{\"ttl\":\"1s\"}', recall.v1.cache.clear, 42200",
    "other, '{\"ttl\":\"1s\"}', recall.v1.compute.others, 42200",
    "other, '{}', , 42200",
    "other, '{\"ttl\":\"1s\",\"colour\":1}', , 42200"
  })
  void lend_ofWhatCannotBe_isRefused(String name, String definition, String address, int code) {
    new Lending("a", LenderIT::answer);
    JsonObject announcement =
        new JsonObject()
            .put("name", name)
            .put("definition", new JsonObject(definition))
            .put("instance", "b");
    if (address != null) {
      announcement.put("address", address);
    }

    assertThatThrownBy(() -> lend(announcement))
        .cause()
        .isInstanceOfSatisfying(
            ReplyException.class, refusal -> assertThat(refusal.failureCode()).isEqualTo(code));
  }

  @Test
  void get_whenTheResultIsLongerThanAllowed_isABadGateway() {
    new Lending("a", message -> answer(message, "é".repeat(513)));

    assertProblem(node.get(RESULT + "long"), 502, "origin-failed");
  }

  @Test
  void put_ofAComputationThatIsLent_isAtItsMakers() {
    new Lending("a", LenderIT::answer);

    assertProblem(node.send("PUT", RESULT + "1", "x"), 409, "not-by-callers");
  }
}
