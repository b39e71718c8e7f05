package dev.recall.bus;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.recall.api.ComputeApi;
import dev.recall.api.ComputeApi.Answer;
import dev.recall.api.ComputeApi.Ask;
import dev.recall.compute.Held;
import dev.recall.failure.Failure;
import dev.recall.redis.RedisCli;
import dev.recall.redis.bundled.SharedRedis;
import dev.recall.testing.Cluster;
import dev.recall.testing.Node;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.math.BigInteger;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Two nodes, and an application that knows nothing of Recall but its addresses. */
@ExtendWith(VertxExtension.class)
class ClusterIT {

  @TempDir private static Path conf;

  private static Cluster cluster;
  private static Node first;
  private static Node second;
  private static Vertx outside;
  private static RedisCli redis;

  @BeforeAll
  static void start() throws IOException {
    cluster = new Cluster(conf);
    redis = new RedisCli(SharedRedis.url());
    first = node("compute.threads=1");
    second = node();
    outside = cluster.application();
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
        .contains("{\"name\":\"fib\",\"ttl_ms\":600000,");
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
  void counterAdd_withAnIdempotencyKey_answersAsHttpDidToIt() {
    first.sendJson("POST", "/v1/counters/k", "{\"by\":5}", "Idempotency-Key", "a");

    assertThat(ask("counter.add", "{\"id\":\"k\",\"by\":5,\"idempotency_key\":\"a\"}"))
        .isEqualTo("{\"id\":\"k\",\"value\":5}");
    assertFailure("counter.add", "{\"id\":\"k\",\"by\":6,\"idempotency_key\":\"a\"}", 42201);
    assertThat(redis.run("GET", "counter:k")).isEqualTo("5");
  }

  @Test
  void counterGetAndDelete_fromOutside_readAndForget() {
    assertThat(ask("counter.get", "{\"id\":\"k\"}")).isEqualTo("{\"id\":\"k\",\"value\":0}");
    ask("counter.add", "{\"id\":\"k\",\"by\":9007199254740993,\"ttl\":60}");

    assertThat(ask("counter.get", "{\"id\":\"k\"}"))
        .isEqualTo("{\"id\":\"k\",\"value\":9007199254740993}");
    assertThat(redis.number("PTTL", "counter:k")).isBetween(1L, 60_000L);
    assertThat(ask("counter.delete", "{\"id\":\"k\"}")).isEqualTo("{\"removed\":1}");
    assertThat(ask("counter.delete", "{\"id\":\"k\"}")).isEqualTo("{\"removed\":0}");
  }

  @Test
  void state_fromOutside_isTheSameDocumentAsOverHttp() {
    String key = "{\"namespace\":\"config\",\"key\":\"k\"";

    JsonObject created =
        new JsonObject(ask("state.put", key + ",\"document\":\"{ \\\"a\\\": 1.10 }\"}"));
    long version = created.getLong("version");
    assertThat(created.encode()).isEqualTo(key + ",\"version\":" + version + ",\"created\":true}");
    assertThat(first.get("/v1/state/config/k").body()).isEqualTo("{ \"a\": 1.10 }");
    assertThat(ask("state.put", key + ",\"document\":\"2\",\"version\":" + version + "}"))
        .isEqualTo(key + ",\"version\":" + (version + 1) + ",\"created\":false}");
    assertThat(ask("state.get", key + "}"))
        .isEqualTo("{\"document\":\"2\",\"version\":" + (version + 1) + "}");
    assertThat(ask("state.delete", key + ",\"version\":" + (version + 1) + "}"))
        .isEqualTo("{\"removed\":1}");
    assertThat(ask("state.delete", key + "}")).isEqualTo("{\"removed\":0}");
    assertFailure("state.get", key + "}", 40403);
  }

  @Test
  void stateCreateAndRotate_fromOutside_answerTheNewKey() {
    JsonObject created =
        new JsonObject(ask("state.create", "{\"namespace\":\"session\",\"document\":\"7\"}"));
    String old = created.getString("key");

    JsonObject rotated =
        new JsonObject(ask("state.rotate", "{\"namespace\":\"session\",\"key\":\"" + old + "\"}"));

    assertThat(created.getBoolean("created")).isTrue();
    assertThat(rotated.getLong("version")).isEqualTo(created.getLong("version") + 1);
    assertThat(first.get("/v1/state/session/" + rotated.getString("key")).body()).isEqualTo("7");
    assertThat(first.get("/v1/state/session/" + old).statusCode()).isEqualTo(404);
  }

  @Test
  void statePut_withAFenceThatWasOvertaken_fails() {
    String put =
        "{\"namespace\":\"config\",\"key\":\"%s\",\"document\":\"1\",\"lock\":\"l\",\"fence\":%d}";
    ask("lock.acquire", "{\"name\":\"l\"}");
    ask("lock.break", "{\"name\":\"l\"}");
    ask("lock.acquire", "{\"name\":\"l\"}");

    ask("state.put", put.formatted("a", 2));

    assertFailure("state.put", put.formatted("b", 1), 41202);
    assertFailure("state.put", put.formatted("b", 3), 41202);
  }

  @Test
  void lock_fromOutside_isTheSameAsOverHttp() {
    JsonObject held = new JsonObject(ask("lock.acquire", "{\"name\":\"k\",\"ttl_ms\":60000}"));
    String token = ",\"token\":\"" + held.getString("token") + "\"";

    assertThat(held.encode())
        .isEqualTo("{\"name\":\"k\"" + token + ",\"fence\":1,\"expires_in_ms\":60000}");
    assertThat(first.send("POST", "/v1/locks/k", "").statusCode()).isEqualTo(409);
    assertFailure("lock.acquire", "{\"name\":\"k\",\"wait_ms\":1}", 40902);
    assertThat(ask("lock.renew", "{\"name\":\"k\"" + token + "}"))
        .isEqualTo("{\"name\":\"k\"" + token + ",\"fence\":1,\"expires_in_ms\":10000}");
    assertThat(ask("lock.release", "{\"name\":\"k\"" + token + "}")).isEqualTo("{\"removed\":1}");
    assertFailure("lock.release", "{\"name\":\"k\"" + token + "}", 41201);
    assertFailure("lock.renew", "{\"name\":\"k\"" + token + "}", 41201);
    assertThat(ask("lock.break", "{\"name\":\"k\"}")).isEqualTo("{\"removed\":0}");
    assertThat(new JsonObject(ask("lock.acquire", "{\"name\":\"k\"}")).getLong("fence"))
        .isEqualTo(2);
    assertThat(ask("lock.break", "{\"name\":\"k\"}")).isEqualTo("{\"removed\":1}");
  }

  @Test
  void rateTake_fromOutside_takesUntilThereIsNoMore() {
    String take = "{\"limit\":\"mails\",\"caller\":\"c\",\"cost\":2}";

    assertThat(ask("rate.take", take))
        .isEqualTo("{\"allowed\":true,\"remaining\":1,\"reset_ms\":3600000,\"retry_after_ms\":0}");
    JsonObject refused = new JsonObject(ask("rate.take", take));
    assertThat(refused.getBoolean("allowed")).isFalse();
    assertThat(refused.getLong("remaining")).isOne();
    assertThat(refused.getLong("reset_ms")).isBetween(3_540_000L, 3_600_000L);
    assertThat(refused.getLong("retry_after_ms")).isBetween(1_740_000L, 1_800_000L);
    JsonObject one = new JsonObject(ask("rate.take", "{\"limit\":\"mails\",\"caller\":\"c\"}"));
    assertThat(one.getBoolean("allowed")).isTrue();
    assertThat(one.getLong("remaining")).isZero();
    assertThat(ask("rate.take", "{\"limit\":\"mails\",\"caller\":\"d\",\"cost\":3}"))
        .startsWith("{\"allowed\":true,\"remaining\":0,");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "counter.add    | {\"id\":\"max\"}                                              | 40901",
        "counter.get    | {\"id\":\"list\"}                                             | 40900",
        "state.get      | {\"namespace\":\"none\",\"key\":\"k\"}                      | 40402",
        "state.put      | {\"namespace\":\"none\",\"key\":\"k\",\"document\":\"1\"} | 40402",
        "state.create   | {\"namespace\":\"none\",\"document\":\"1\"}                 | 40402",
        "state.delete   | {\"namespace\":\"none\",\"key\":\"k\"}                      | 40402",
        "state.rotate   | {\"namespace\":\"none\",\"key\":\"k\"}                      | 40402",
        "state.rotate   | {\"namespace\":\"config\",\"key\":\"k\"}                    | 40403",
        "state.create   | {\"namespace\":\"config\",\"document\":\"{\"}               | 40000",
        "state.put      | {\"namespace\":\"config\",\"key\":\"k\",\"document\":\"1\",\"version\":7} | 41200",
        "state.delete   | {\"namespace\":\"config\",\"key\":\"k\",\"version\":7}      | 41200",
        "rate.take      | {\"limit\":\"none\",\"caller\":\"c\"}                       | 40404",
        "rate.take      | {\"limit\":\"mails\",\"caller\":\"c\",\"cost\":4}           | 42200",
        "rate.take      | {\"limit\":\"mails\",\"caller\":\"c\",\"cost\":0}           | 42200",
        "rate.take      | {\"limit\":\"mails\",\"caller\":\"\"}                       | 42200"
      })
  void newAddress_whenItRefuses_failsWithItsCode(String address, String body, int code) {
    redis.run("SET", "counter:max", Long.toString(Long.MAX_VALUE));
    redis.run("LPUSH", "counter:list", "1");
    redis.run("INCR", "before");

    assertFailure(address, body, code);

    assertThat(redis.number("DBSIZE")).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "counter.add    | {\"id\":\"\",\"by\":\"x\",\"ttl\":0,\"idempotency_key\":1,\"y\":1} | id by ttl idempotency_key y",
        "counter.get    | {\"id\":7,\"y\":1}                                     | id y",
        "counter.delete | {\"y\":1}                                              | id y",
        "state.get      | {\"namespace\":1,\"key\":\"\",\"y\":1}               | namespace key y",
        "state.put      | {\"document\":{},\"version\":\"1\",\"lock\":\"\",\"fence\":\"1\",\"y\":1} | namespace key document version lock fence y",
        "state.create   | {\"document\":1,\"key\":\"k\"}                         | namespace document key",
        "state.delete   | {\"version\":1.5,\"y\":1}                              | namespace key version y",
        "state.rotate   | {\"version\":\"x\",\"y\":1}                            | namespace key version y",
        "lock.acquire   | {\"ttl_ms\":0,\"wait_ms\":30001,\"token\":\"t\"}      | name ttl_ms wait_ms token",
        "lock.renew     | {\"ttl_ms\":86400001,\"wait_ms\":1}                    | name token ttl_ms wait_ms",
        "lock.release   | {\"token\":1,\"y\":1}                                  | name token y",
        "lock.break     | {\"name\":[],\"token\":\"t\"}                          | name token",
        "rate.take      | {\"cost\":0,\"y\":1}                                   | limit caller cost y"
      })
  void newAddress_whenSeveralFieldsAreWrong_namesEachOfThem(
      String address, String body, String fields) {
    ReplyException failure = failure(address, body);

    assertThat(failure.failureCode()).isEqualTo(42200);
    assertThat(requireNonNull(failure.getMessage()).split("; "))
        .extracting(fault -> fault.replaceFirst("there is no field ", "").replaceFirst(" .*", ""))
        .containsExactlyInAnyOrder(fields.split(" "));
    assertThat(redis.number("DBSIZE")).isZero();
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
        "cache.get   | {\"computation\":\"fib\",\"input\":\"-1\"}  | 42200",
        "cache.get   | {\"computation\":\"none\",\"input\":\"1\"}  | 40401",
        "cache.get   | {\"input\":\"1\"}                           | 42200",
        "cache.get   | {\"computation\":\"fib\",\"input\":10}      | 42200",
        "counter.add | {\"id\":\"\"}                               | 42200",
        "counter.add | {\"id\":\"a\",\"by\":1.5}                   | 42200",
        "counter.add | {}                                          | 42200",
        "compute.fib | {\"input\":\"x\"}                           | 42200"
      })
  void anyAddress_whenTheRequestIsBad_failsWithItsCode(String address, String body, int code) {
    assertFailure(address, body, code);
  }

  @Test
  void anyAddress_whenTheBodyIsNoObject_failsWithItsCode() {
    assertThatThrownBy(
            () -> Node.await(outside.eventBus().<JsonObject>request("recall.v1.cache.get", "fib")))
        .hasCauseInstanceOf(ReplyException.class)
        .hasMessageContaining("the body must be a JSON object");
  }

  static Stream<Object> foreignObjects() {
    return Stream.of(
        new BigInteger("7"), LocalDate.EPOCH, new HashSet<>(List.of(1)), Failure.INVALID);
  }

  @ParameterizedTest
  @MethodSource("foreignObjects")
  void anyAddress_whenTheBodyIsAnObjectOfSomeClass_doesNotReadIt(Object foreign) {
    outside.eventBus().serializableChecker(name -> true);

    assertThatThrownBy(() -> Node.await(outside.eventBus().request("recall.v1.cache.get", foreign)))
        .hasCauseInstanceOf(ReplyException.class)
        .hasMessageContaining("the message cannot be read")
        .cause()
        .extracting(cause -> ((ReplyException) cause).failureCode())
        .isEqualTo(40000);
  }

  @Test
  void anyAddress_whenThereIsNoBody_failsWithItsCode() {
    assertThatThrownBy(() -> Node.await(outside.eventBus().request("recall.v1.counter.add", null)))
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
        new Bus(
                first.vertx(),
                new BusParts(new BusMeters(new SimpleMeterRegistry()), System::nanoTime))
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
    node().close();

    for (int n = 3000; n < 3006; n++) {
      int input = n;
      await().until(() -> first.get("/cache/calculate/" + input).body().contains("\"result\""));
    }
  }

  private static Node node(String... flags) {
    Stream<String> shared =
        Stream.of(
            "redis.url=" + SharedRedis.url(),
            "rate-limits.mails.limit=2/hour burst 3",
            "rate-limits.mails.groups=");
    return cluster.node(Stream.concat(shared, Stream.of(flags)).toArray(String[]::new));
  }

  /** The reply to a request written as JSON, which the test reads as JSON. */
  private static String ask(String address, String json) {
    return request("recall.v1." + address, new JsonObject(json)).body().encode();
  }

  private static void assertFailure(String address, String json, int code) {
    assertThat(failure(address, json).failureCode()).isEqualTo(code);
  }

  private static ReplyException failure(String address, String json) {
    CompletionException failed =
        catchThrowableOfType(CompletionException.class, () -> ask(address, json));
    ReplyException failure = (ReplyException) requireNonNull(failed.getCause());
    assertThat(failure.failureType()).isEqualTo(ReplyFailure.RECIPIENT_FAILURE);
    assertThat(failure.getMessage()).isNotBlank();
    return failure;
  }

  private static Message<JsonObject> request(String address, JsonObject body) {
    return Node.await(outside.eventBus().request(address, body));
  }
}
