package dev.recall;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.hazelcast.config.XmlConfigBuilder;
import dev.recall.api.ComputeApi;
import dev.recall.api.ComputeApi.Answer;
import dev.recall.api.ComputeApi.Ask;
import dev.recall.bus.Bus;
import dev.recall.compute.Held;
import dev.recall.redis.RedisCli;
import dev.recall.redis.bundled.SharedRedis;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two nodes, and an application that knows nothing of Recall but its addresses. */
@ExtendWith(VertxExtension.class)
class ClusterIT {

  /** With a cluster of its own: another may be running on this machine. */
  @TempDir private static Path conf;

  private static Node first;
  private static Node second;
  private static Vertx outside;
  private static RedisCli redis;

  @BeforeAll
  static void start() throws IOException {
    String shipped = Files.readString(Path.of("conf/cluster.xml"));
    Path file = conf.resolve("cluster.xml");
    Files.writeString(
        file, shipped.replace(">recall<", ">recall-" + ProcessHandle.current().pid() + "<"));
    redis = new RedisCli(SharedRedis.url());
    first =
        Node.started(conf, "cluster=true", "compute.threads=1", "redis.url=" + SharedRedis.url());
    second = Node.started(conf, "cluster=true", "redis.url=" + SharedRedis.url());
    var hazelcast = new XmlConfigBuilder(file.toString()).build();
    outside =
        Node.await(
            Vertx.builder()
                .withClusterManager(new HazelcastClusterManager(hazelcast))
                .buildClustered());
  }

  @AfterAll
  static void stop() {
    Node.await(outside.close());
    second.close();
    first.close();
    redis.close();
  }

  @BeforeEach
  void empty() {
    Node.flush(redis, first, second);
  }

  @Test
  void cacheGet_fromOutside_answersTheResultAndItsSource() {
    JsonObject ask = new JsonObject().put("computation", "fib").put("input", "010");

    Message<JsonObject> cold = request("recall.v1.cache.get", ask);
    Message<JsonObject> warm = request("recall.v1.cache.get", ask);

    assertThat(cold.body().encode())
        .isEqualTo("{\"computation\":\"fib\",\"input\":\"10\",\"result\":\"55\"}");
    assertThat(cold.headers().get("source")).isEqualTo("database");
    assertThat(warm.headers().get("source")).isEqualTo("cache");
    assertThat(redis.run("GET", "fib:10")).isEqualTo("55");
  }

  @Test
  void cacheGet_whenTheComputationIsPluggedIn_remembersItsResults() {
    JsonObject ask = new JsonObject().put("computation", "reversed").put("input", "stressed");

    assertThat(request("recall.v1.cache.get", ask).body().getString("result"))
        .isEqualTo("desserts");
    assertThat(redis.run("GET", "reversed:stressed")).isEqualTo("desserts");
    assertThat(redis.number("TTL", "reversed:stressed")).isBetween(298L, 300L);
  }

  @Test
  void cacheGet_fromOutside_saysHowTheResultWasComeByInHeaders() {
    JsonObject ask = new JsonObject().put("computation", "fib").put("input", "30");

    Message<JsonObject> cold = request("recall.v1.cache.get", ask);
    Message<JsonObject> warm = request("recall.v1.cache.get", ask);

    assertThat(cold.headers().get("level")).isEqualTo("computed");
    assertThat(cold.headers().get("stored")).isEqualTo("true");
    assertThat(cold.headers().get("ttl")).isEqualTo("600000");
    assertThat(warm.headers().get("level")).isIn("redis", "near");
    assertThat(warm.headers().get("etag")).isEqualTo(cold.headers().get("etag"));
    assertThat(Integer.parseInt(warm.headers().get("ttl"))).isBetween(590_000, 600_000);
  }

  @Test
  void cacheGetMany_fromOutside_answersEachInput() {
    JsonObject ask =
        new JsonObject()
            .put("computation", "fib")
            .put("inputs", new JsonArray().add("10").add("x"));

    assertThat(request("recall.v1.cache.get-many", ask).body().encode())
        .isEqualTo(
            "{\"results\":[{\"input\":\"10\",\"result\":\"55\",\"source\":\"database\"},"
                + "{\"input\":\"x\",\"error\":{\"code\":42200,"
                + "\"detail\":\"must be a whole number from 0 to 100000\"}}]}");
  }

  @Test
  void cacheDeleteAndClear_fromOutside_forget() {
    JsonObject fib = new JsonObject().put("computation", "fib");
    first.get("/cache/calculate/10");
    first.get("/cache/calculate/11");
    first.get("/cache/calculate/12");

    assertThat(request("recall.v1.cache.delete", fib.copy().put("input", "10")).body().encode())
        .isEqualTo("{\"removed\":1}");
    assertThat(request("recall.v1.cache.clear", fib).body().encode()).isEqualTo("{\"removed\":2}");
    assertThat(redis.run("KEYS", "fib:*")).isEqualTo("[]");
  }

  @Test
  void cacheComputations_fromOutside_listsThem() {
    assertThat(request("recall.v1.cache.computations", new JsonObject()).body().encode())
        .contains("{\"name\":\"fib\",\"ttl_ms\":600000}");
  }

  @Test
  void counterAdd_fromOutside_countsTheSameCounterAsHttp() {
    first.get("/counter/k");

    Message<JsonObject> once = request("recall.v1.counter.add", new JsonObject().put("id", "k"));
    Message<JsonObject> more =
        request("recall.v1.counter.add", new JsonObject().put("id", "k").put("by", -5));

    assertThat(once.body().encode()).isEqualTo("{\"id\":\"k\",\"value\":2}");
    assertThat(more.body().getLong("value")).isEqualTo(-3);
  }

  @Test
  void counterAdd_whenPastDoubles_isExactAcrossTheCluster() {
    redis.run("SET", "counter:big", "9007199254740992");

    assertThat(
            request("recall.v1.counter.add", new JsonObject().put("id", "big"))
                .body()
                .getLong("value"))
        .isEqualTo(9007199254740993L);
  }

  @Test
  void computeFib_fromOutside_computes() {
    Message<JsonObject> answer =
        request("recall.v1.compute.fib", new JsonObject().put("input", "100"));

    assertThat(answer.body().encode())
        .isEqualTo(
            "{\"computation\":\"fib\",\"input\":\"100\",\"result\":\"354224848179261915075\"}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "recall.v1.cache.get   | {\"computation\":\"fib\",\"input\":\"-1\"}  | 42200",
        "recall.v1.cache.get   | {\"computation\":\"none\",\"input\":\"1\"}  | 40401",
        "recall.v1.cache.get   | {\"input\":\"1\"}                           | 42200",
        "recall.v1.cache.get   | {\"computation\":\"fib\",\"input\":10}      | 42200",
        "recall.v1.counter.add | {\"id\":\"\"}                               | 42200",
        "recall.v1.counter.add | {\"id\":\"a\",\"by\":1.5}                   | 42200",
        "recall.v1.counter.add | {}                                          | 42200",
        "recall.v1.compute.fib | {\"input\":\"x\"}                           | 42200"
      })
  void anyAddress_whenTheRequestIsBad_failsWithItsCode(String address, String body, int code) {
    assertThatThrownBy(() -> request(address, new JsonObject(body)))
        .cause()
        .isInstanceOfSatisfying(
            ReplyException.class,
            failure -> {
              assertThat(failure.failureType()).isEqualTo(ReplyFailure.RECIPIENT_FAILURE);
              assertThat(failure.failureCode()).isEqualTo(code);
              assertThat(failure.getMessage()).isNotBlank();
            });
  }

  @Test
  void anyAddress_whenTheBodyIsNoObject_failsWithItsCode() {
    assertThatThrownBy(
            () -> Node.await(outside.eventBus().<JsonObject>request("recall.v1.cache.get", "fib")))
        .hasCauseInstanceOf(ReplyException.class)
        .hasMessageContaining("the body must be a JSON object");
  }

  @Test
  void calculate_whenTheWorkersOfTheFirstNodeAreBusy_isComputedByTheSecond() throws Exception {
    Set<String> bySecond = ConcurrentHashMap.newKeySet();
    second
        .vertx()
        .eventBus()
        .addInboundInterceptor(
            delivery -> {
              if (delivery.message().address().equals("recall.v1.compute.fib")) {
                bySecond.add(((JsonObject) delivery.message().body()).getString("input"));
              }
              delivery.next();
            });
    Future<Answer> busy =
        new Bus(first.vertx())
            .requester(ComputeApi.here("held"), Duration.ofSeconds(20))
            .request(new Ask("first"));
    Held.awaitBegun();

    Map<String, CompletableFuture<HttpResponse<String>>> asked =
        IntStream.range(1000, 1010)
            .mapToObj(Integer::toString)
            .collect(toMap(n -> n, n -> first.getAsync("/cache/calculate/" + n)));
    await().until(() -> !bySecond.isEmpty());

    String n = bySecond.iterator().next();
    assertThat(requireNonNull(asked.get(n)).join().body()).contains("\"source\":\"database\"");
    assertThat(busy.isComplete()).isFalse();
    Held.release(1);
    asked.values().forEach(CompletableFuture::join);
  }

  @Test
  void calculate_whenTheWorkersOfTheFirstNodeAreFree_staysThere() {
    AtomicInteger bySecond = new AtomicInteger();
    second
        .vertx()
        .eventBus()
        .addInboundInterceptor(
            delivery -> {
              if (delivery.message().address().equals("recall.v1.compute.fib")) {
                bySecond.incrementAndGet();
              }
              delivery.next();
            });

    for (int n = 4000; n < 4010; n++) {
      assertThat(first.get("/cache/calculate/" + n).body()).contains("\"source\":\"database\"");
    }

    assertThat(bySecond).hasValue(0);
  }

  @Test
  void calculate_onTheSecondNode_remembersWhatTheFirstComputed() {
    first.get("/cache/calculate/2000");

    assertThat(second.get("/cache/calculate/2000").body()).contains("\"source\":\"cache\"");
  }

  @Test
  void calculate_afterTheOtherNodeLeft_isComputedHere() {
    Node third = Node.started(conf, "cluster=true", "redis.url=" + SharedRedis.url());
    third.close();

    for (int n = 3000; n < 3006; n++) {
      int input = n;
      await().until(() -> first.get("/cache/calculate/" + input).body().contains("\"result\""));
    }
  }

  private static Message<JsonObject> request(String address, JsonObject body) {
    return Node.await(outside.eventBus().request(address, body));
  }
}
