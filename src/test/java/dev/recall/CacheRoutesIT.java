package dev.recall;

import static dev.recall.RoutesIT.assertProblem;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import dev.recall.redis.RedisCli;
import dev.recall.redis.bundled.SharedRedis;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Any computation over HTTP: Fibonacci, and one that was plugged in. */
class CacheRoutesIT {

  private static Node node;
  private static RedisCli redis;

  @BeforeAll
  static void start() {
    node = Node.started("redis.url=" + SharedRedis.url());
    redis = new RedisCli(SharedRedis.url());
  }

  @AfterAll
  static void stop() {
    node.close();
    redis.close();
  }

  @BeforeEach
  void empty() {
    redis.run("FLUSHALL");
  }

  @Test
  void get_whenAskedAgain_answersFromTheCacheWithTheResultAsText() {
    assertThat(node.get("/v1/cache/fib/010").body())
        .isEqualTo(
            "{\"computation\":\"fib\",\"input\":\"10\",\"result\":\"55\",\"source\":\"database\"}");
    assertThat(node.get("/v1/cache/fib/10").body())
        .isEqualTo(
            "{\"computation\":\"fib\",\"input\":\"10\",\"result\":\"55\",\"source\":\"cache\"}");
  }

  @Test
  void get_afterCalculate_sharesItsResult() {
    node.get("/cache/calculate/10");

    assertThat(node.get("/v1/cache/fib/10").body()).contains("\"source\":\"cache\"");
  }

  @Test
  void get_whenTextIsAccepted_answersTheBareResult() {
    HttpResponse<String> answer = node.get("/v1/cache/fib/10", "Accept", "text/plain");

    assertThat(answer.body()).isEqualTo("55");
    assertThat(answer.headers().firstValue("content-type")).hasValue("text/plain");
  }

  @Test
  void get_whenTheComputationIsPluggedIn_takesAnyInput() {
    HttpResponse<String> answer = node.get("/v1/cache/reversed/a%20%22b%22%2F%F0%9F%98%80");

    assertThat(new JsonObject(answer.body()).getString("input")).isEqualTo("a \"b\"/😀");
    assertThat(new JsonObject(answer.body()).getString("result")).isEqualTo("😀/\"b\" a");
    assertThat(redis.run("GET", "reversed:a \"b\"/😀")).isEqualTo("😀/\"b\" a");
  }

  @Test
  void get_whenTheComputationIsUnknown_is404() {
    assertProblem(node.get("/v1/cache/none/10"), 404, "no-such-computation");
  }

  @Test
  void get_whenTheInputIsInvalid_is422ThatNamesIt() {
    HttpResponse<String> answer = node.get("/v1/cache/fib/-1");

    assertProblem(answer, 422, "invalid");
    assertThat(answer.body()).contains("\"loc\":[\"path\",\"input\"]");
    assertThat(redis.number("DBSIZE")).isZero();
  }

  @Test
  void get_whenNothingOfferedIsAccepted_is406() {
    assertProblem(node.get("/v1/cache/fib/10", "Accept", "image/png"), 406, "not-acceptable");
  }

  @Test
  void post_whenSomeAreRemembered_answersEachInOrder() {
    redis.run("SET", "fib:3", "2");
    redis.run("SET", "fib:4", "junk");

    assertThat(
            node.postJson("/v1/cache/fib", "{\"inputs\":[\"3\",\"10\",\"x\",\"04\",\"010\"]}")
                .body())
        .isEqualTo(
            "{\"results\":["
                + "{\"input\":\"3\",\"result\":\"2\",\"source\":\"cache\"},"
                + "{\"input\":\"10\",\"result\":\"55\",\"source\":\"database\"},"
                + "{\"input\":\"x\",\"error\":{\"type\":\"urn:recall:invalid\",\"title\":\"Invalid value\","
                + "\"status\":422,\"detail\":\"must be a whole number from 0 to 100000\","
                + "\"instance\":\"/v1/cache/fib\"}},"
                + "{\"input\":\"4\",\"result\":\"3\",\"source\":\"database\"},"
                + "{\"input\":\"10\",\"result\":\"55\",\"source\":\"cache\"}]}");
    assertThat(redis.run("MGET", "fib:10", "fib:4")).isEqualTo("[55, 3]");
  }

  @Test
  void post_whenAllAreRemembered_asksRedisOnce() {
    String inputs =
        IntStream.range(0, 1000).mapToObj(n -> "\"" + n + "\"").collect(joining(",", "[", "]"));
    node.postJson("/v1/cache/fib", "{\"inputs\":" + inputs + "}");
    redis.run("CONFIG", "RESETSTAT");

    JsonObject answer =
        new JsonObject(node.postJson("/v1/cache/fib", "{\"inputs\":" + inputs + "}").body());

    assertThat(answer.getJsonArray("results"))
        .hasSize(1000)
        .allMatch(result -> ((JsonObject) result).getString("source").equals("cache"));
    assertThat(redis.run("INFO", "commandstats"))
        .contains("cmdstat_mget:calls=1,")
        .doesNotContain("cmdstat_get:");
  }

  @Test
  void post_whenAThousandAreCold_computesEachOnce() {
    String inputs =
        IntStream.range(2000, 3000).mapToObj(n -> "\"" + n + "\"").collect(joining(",", "[", "]"));

    JsonObject answer =
        new JsonObject(node.postJson("/v1/cache/fib", "{\"inputs\":" + inputs + "}").body());

    assertThat(answer.getJsonArray("results"))
        .hasSize(1000)
        .allMatch(result -> "database".equals(((JsonObject) result).getString("source")));
    assertThat(redis.number("DBSIZE")).isEqualTo(1000);
  }

  @Test
  void post_whenThereAreNoInputs_answersNoResults() {
    assertThat(node.postJson("/v1/cache/fib", "{\"inputs\":[]}").body())
        .isEqualTo("{\"results\":[]}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"inputs\":[1]}       | 422 | invalid",
        "{\"inputs\":\"1\"}     | 422 | invalid",
        "{}                     | 422 | invalid",
        "[]                     | 422 | invalid",
        "{\"inputs\":[\"1\",]}  | 400 | malformed",
        "{\"inputs\":[           | 400 | malformed",
        "''                     | 400 | malformed"
      })
  void post_whenTheBodyIsBad_isAProblem(String body, int status, String type) {
    assertProblem(node.postJson("/v1/cache/fib", body), status, type);
  }

  @Test
  void post_whenThereAreTooManyInputs_is422() {
    String inputs =
        IntStream.range(0, 1001).mapToObj(n -> "\"" + n + "\"").collect(joining(",", "[", "]"));

    assertProblem(node.postJson("/v1/cache/fib", "{\"inputs\":" + inputs + "}"), 422, "invalid");
  }

  @Test
  void post_whenTheBodyIsMalformed_saysWhere() {
    assertThat(node.postJson("/v1/cache/fib", "{\"inputs\":[\"1\" 2]}").body())
        .contains("line: 1, column: 16");
  }

  @Test
  void post_whenTheBodyIsNoJson_is415() {
    assertProblem(
        node.send("POST", "/v1/cache/fib", "inputs=1", "Content-Type", "text/plain"),
        415,
        "unsupported-media-type");
  }

  @Test
  void post_whenTheComputationIsUnknown_is404() {
    assertProblem(
        node.postJson("/v1/cache/none", "{\"inputs\":[\"1\"]}"), 404, "no-such-computation");
  }
}
