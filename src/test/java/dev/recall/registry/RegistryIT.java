package dev.recall.registry;

import static dev.recall.testing.ProblemAssertions.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recall.redis.RedisCli;
import dev.recall.redis.bundled.SharedRedis;
import dev.recall.testing.Node;
import dev.recall.testing.RunningNode;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Definitions that callers put, on two nodes that share a Redis. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RegistryIT {

  private static final String SHOP = "/v1/computations/shop";
  private static final String BY_CALLERS = "{\"by\":\"callers\",\"ttl\":\"60s\"}";

  private RedisCli redis;
  private Node first;
  private Node second;

  @BeforeAll
  void start() {
    redis = new RedisCli(SharedRedis.url());
    redis.run("FLUSHALL");
    first = node();
    second = node();
  }

  private static Node node() {
    return Node.started(
        "redis.url=" + SharedRedis.url(),
        "computations.fixed.by=callers",
        "computations.fixed.ttl=60s");
  }

  @AfterAll
  void stop() {
    first.close();
    second.close();
    redis.close();
  }

  @AfterEach
  void end() {
    redis.run("FLUSHALL");
    await().until(() -> status(first, SHOP) == 404 && status(second, SHOP) == 404);
  }

  private static int status(Node node, String path) {
    return node.get(path).statusCode();
  }

  private static HttpResponse<String> define(Node node, String json) {
    return node.sendJson("PUT", SHOP, json);
  }

  private void awaitKnown(Node node) {
    await().until(() -> status(node, SHOP) == 200);
  }

  @Test
  void put_whenThereWasNone_isKnownToEveryNode() {
    HttpResponse<String> defined = define(first, BY_CALLERS);

    assertThat(defined.statusCode()).isEqualTo(201);
    assertThat(defined.body()).isEqualTo("{\"name\":\"shop\",\"created\":true}");
    assertThat(status(first, SHOP)).isEqualTo(200);
    awaitKnown(second);
    assertThat(second.get(SHOP).body())
        .isEqualTo(
            "{\"name\":\"shop\",\"ttl_ms\":60000,\"by\":\"callers\","
                + "\"media_type\":\"application/json\"}");
  }

  @Test
  void put_again_changesItEverywhere() {
    define(first, BY_CALLERS);
    awaitKnown(second);

    assertThat(define(first, "{\"by\":\"callers\",\"ttl\":\"2m\",\"version\":\"b\"}").statusCode())
        .isEqualTo(200);

    await()
        .untilAsserted(
            () -> assertThat(second.get(SHOP).body()).contains("\"ttl_ms\":120000", "\"b\""));
  }

  @Test
  void put_beforeANodeStarts_isKnownToItFromTheBeginning() {
    define(first, BY_CALLERS);

    try (Node third = node()) {
      assertThat(status(third, SHOP)).isEqualTo(200);
    }
  }

  @Test
  void put_ofAnotherVersion_doesNotAnswerOldResults() {
    define(first, BY_CALLERS);
    first.send("PUT", "/v1/results/shop/1", "old");

    define(first, "{\"by\":\"callers\",\"ttl\":\"60s\",\"version\":\"2\"}");

    assertThat(status(first, "/v1/results/shop/1")).isEqualTo(404);
    assertThat(redis.run("GET", "shop:1")).isEqualTo("old");
  }

  @Test
  void result_ofAComputationThatWasJustDefined_isCopiedNearAndNeverOld() {
    define(first, BY_CALLERS);
    awaitKnown(second);
    first.send("PUT", "/v1/results/shop/1", "0");
    second.near("/v1/results/shop/1");

    for (int i = 1; i <= 20; i++) {
      String value = Integer.toString(i);
      redis.run("SET", "shop:1", value, "PX", "60000");
      await().until(() -> second.get("/v1/results/shop/1").body().equals(value));
    }
  }

  @Test
  void put_whileOthersChange_losesNoChangeOfTheirs() {
    redis.run("SET", "fib:10", "0", "PX", "600000");
    second.near("/v1/cache/fib/10");
    double flushes = second.meter("recall_cache_evictions_total{cause=\"unheard\"}");

    for (int i = 0; i < 20; i++) {
      String name = "/v1/computations/new-" + i;
      assertThat(first.sendJson("PUT", name, BY_CALLERS).statusCode()).isEqualTo(201);
      String value = Integer.toString(i);
      redis.run("SET", "fib:10", value, "PX", "600000");
      await().until(() -> second.get("/v1/cache/fib/10").body().contains("\"" + value + "\""));
      await().until(() -> status(second, name) == 200);
    }

    assertThat(second.meter("recall_cache_evictions_total{cause=\"unheard\"}")).isEqualTo(flushes);
  }

  @Test
  void delete_whenItIsDefined_endsItAndItsResultsEverywhere() {
    define(first, BY_CALLERS);
    awaitKnown(second);
    second.send("PUT", "/v1/results/shop/1", "made");

    assertThat(second.send("DELETE", SHOP, "").statusCode()).isEqualTo(204);

    assertThat(redis.run("EXISTS", "shop:1")).isEqualTo("0");
    assertThat(status(second, SHOP)).isEqualTo(404);
    await().until(() -> status(first, SHOP) == 404);
    assertProblem(first.get("/v1/results/shop/1"), 404, "no-such-computation");
  }

  @Test
  void delete_whenThereIsNone_saysSo() {
    assertProblem(first.send("DELETE", SHOP, ""), 404, "no-such-computation");
  }

  @ParameterizedTest
  @CsvSource({
    "fixed, the settings define fixed",
    "fib, fib is a computation of this program",
    "counter, keys that begin with counter: are something else",
    "Shop, 'a computation has 1 to 64 small letters, digits and hyphens as its name'"
  })
  void put_ofANameThatIsTaken_isRefused(String name, String why) {
    String path = "/v1/computations/" + name;
    for (String verb : new String[] {"PUT", "DELETE"}) {
      HttpResponse<String> refused = first.sendJson(verb, path, BY_CALLERS);

      assertProblem(refused, 409, "defined-elsewhere");
      assertThat(refused.body()).contains(why);
    }
  }

  @Test
  void put_withFaults_tellsThemAll() {
    HttpResponse<String> refused =
        define(
            first,
            "{\"url\":\"ftp://shop/{input}\",\"ttl\":60,\"version\":\"a b\",\"colour\":\"red\","
                + "\"refresh-ahead\":100,\"stale-for\":null}");

    assertProblem(refused, 422, "invalid");
    assertThat(RunningNode.faultsOf(refused))
        .containsExactlyInAnyOrder(
            "body url",
            "body ttl",
            "body version",
            "body colour",
            "body refresh-ahead",
            "body stale-for");
    assertThat(redis.run("EXISTS", "recall:computations")).isEqualTo("0");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"ttl\":\"60s\"}",
        "{\"by\":\"callers\",\"url\":\"http://127.0.0.1/{input}\",\"ttl\":\"60s\"}",
        "{\"by\":\"callers\",\"ttl\":\"60s\",\"headers\":{\"a\":\"b\"}}",
        "{\"by\":\"callers\",\"ttl\":\"60s\",\"timeout\":\"50s\"}",
        "{\"by\":\"callers\",\"ttl\":\"60s\",\"max-bytes\":\"1GiB\"}",
        "{\"by\":\"nobody\",\"ttl\":\"60s\"}",
        "[]"
      })
  void put_ofWhatIsNoDefinition_isInvalid(String json) {
    assertProblem(define(first, json), 422, "invalid");
  }

  @Test
  void definition_whenSomebodyWritesNonsenseToRedis_isNotHeeded() {
    redis.run("HSET", "recall:computations", "shop", "{", "fib", BY_CALLERS, "good", BY_CALLERS);

    await().until(() -> status(first, "/v1/computations/good") == 200);
    assertThat(status(first, SHOP)).isEqualTo(404);
    assertThat(first.get("/cache/calculate/10").body()).contains("55");
  }
}
