package dev.recall.http;

import static dev.recall.testing.ProblemAssertions.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.recall.testing.Node;
import dev.recall.testing.RunningNode;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Any computation over HTTP: Fibonacci, and one that was plugged in. */
class CacheRoutesIT extends RunningNode {

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
  void get_whenComputedThenFoundThenNear_saysSoLevelByLevel() {
    HttpResponse<String> computed = node.get("/v1/cache/fib/20");
    assertThat(Node.cacheStatus(computed))
        .isEqualTo("recall-redis; fwd=miss; stored, recall-near; fwd=miss");
    assertThat(computed.headers().firstValue("age")).hasValue("0");
    assertThat(computed.headers().firstValue("cache-control")).hasValue("max-age=600");
    assertThat(computed.headers().firstValue("vary")).hasValue("accept");

    redis.run("SET", "fib:21", "10946", "PX", "412900");
    HttpResponse<String> found = node.get("/v1/cache/fib/21");
    assertThat(Node.cacheStatus(found))
        .isEqualTo("recall-redis; hit; ttl=412, recall-near; fwd=miss; stored");
    assertThat(found.headers().firstValue("age")).hasValue("187");
    assertThat(found.headers().firstValue("cache-control")).hasValue("max-age=412");

    HttpResponse<String> near = node.get("/v1/cache/fib/21");
    assertThat(Node.cacheStatus(near)).isEqualTo("recall-near; hit; ttl=412");
  }

  @Test
  void get_whenTheCallerHasTheResult_is304WithoutABody() {
    String tag = node.get("/v1/cache/fib/10").headers().firstValue("etag").orElseThrow();

    for (String known : List.of(tag, "\"other\", " + tag, tag.substring(2), "*")) {
      HttpResponse<String> answer = node.get("/v1/cache/fib/10", "If-None-Match", known);
      assertThat(answer.statusCode()).isEqualTo(304);
      assertThat(answer.body()).isEmpty();
      assertThat(answer.headers().firstValue("etag")).hasValue(tag);
    }
    assertThat(node.get("/cache/calculate/10", "If-None-Match", tag).statusCode()).isEqualTo(304);
    assertThat(node.get("/v1/cache/fib/10", "If-None-Match", "\"other\"").statusCode())
        .isEqualTo(200);
  }

  @Test
  void get_whenTheResultIsAnother_hasAnotherETag() {
    assertThat(node.get("/v1/cache/fib/10").headers().firstValue("etag"))
        .isNotEqualTo(node.get("/v1/cache/fib/11").headers().firstValue("etag"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/cache/fib/10", "/cache/calculate/10", "/cache/calculate/90000"})
  void head_answersTheHeadersOfGetWithoutABody(String path) {
    HttpResponse<String> get = node.near(path);
    HttpResponse<String> head = node.send("HEAD", path, "");

    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
    assertThat(head.headers().firstValue("etag")).isEqualTo(get.headers().firstValue("etag"));
    assertThat(head.headers().firstValue("content-type")).hasValue("application/json");
    assertThat(head.headers().firstValue("content-length"))
        .isEqualTo(get.headers().firstValue("content-length"));
  }

  @Test
  void post_whenSomeAreRememberedAndSomeInvalid_answersEachInItsPlace() {
    node.get("/v1/cache/fib/10");

    HttpResponse<String> answer =
        post("/v1/cache/fib", "{\"inputs\":[\"011\",\"10\",\"x\",\"11\"]}");

    assertThat(answer.statusCode()).isEqualTo(200);
    JsonArray results = new JsonObject(answer.body()).getJsonArray("results");
    assertThat(results.getJsonObject(0).encode())
        .isEqualTo("{\"input\":\"11\",\"result\":\"89\",\"source\":\"database\"}");
    assertThat(results.getJsonObject(1).encode())
        .isEqualTo("{\"input\":\"10\",\"result\":\"55\",\"source\":\"cache\"}");
    assertThat(results.getJsonObject(2).getJsonObject("error").getString("type"))
        .isEqualTo("urn:recall:invalid");
    assertThat(results.getJsonObject(3).encode())
        .isEqualTo("{\"input\":\"11\",\"result\":\"89\",\"source\":\"cache\"}");
  }

  @Test
  void post_whenManyAreRemembered_readsEachPartWithOneCommand() {
    for (int n = 0; n < 50; n++) {
      redis.run("SET", "fib:" + n, "1", "EX", "60");
    }
    redis.run("CONFIG", "RESETSTAT");

    post("/v1/cache/fib", inputs(50));

    assertThat(redis.run("INFO", "commandstats"))
        .contains("cmdstat_mget:calls=1,")
        .doesNotContain("cmdstat_get:");
  }

  @Test
  void post_whenAThousandAreAsked_answersThemAllInOrder() {
    JsonArray results =
        new JsonObject(post("/v1/cache/fib", inputs(1000)).body()).getJsonArray("results");

    assertThat(results).hasSize(1000);
    for (int n = 0; n < 1000; n++) {
      assertThat(results.getJsonObject(n).getString("input")).isEqualTo(Integer.toString(n));
      assertThat(results.getJsonObject(n).getString("result")).matches("[0-9]+");
    }
  }

  @Test
  void post_whenTheAnswerWouldBeVeryLong_refusesTheRest() {
    String result = "1".repeat(100_000);
    for (int n = 0; n < 100; n++) {
      redis.run("SET", "fib:" + n, result, "EX", "60");
    }

    HttpResponse<String> answer = post("/v1/cache/fib", inputs(100));

    assertThat(answer.body()).contains("\"result\":\"111").contains("urn:recall:overloaded");
    assertThat(answer.body().length()).isLessThan(7_000_000);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "application/json | {\"inputs\":[\"1\"     | 400 | malformed",
        "application/json |                        | 400 | malformed",
        "application/json | []                     | 422 | invalid",
        "application/json | {}                     | 422 | invalid",
        "application/json | {\"inputs\":\"1\"}     | 422 | invalid",
        "application/json | {\"inputs\":[1]}       | 422 | invalid",
        "application/json | {\"inputs\":[],\"x\":1} | 422 | invalid",
        "text/plain       | {\"inputs\":[\"1\"]}   | 415 | unsupported-media-type"
      })
  void post_whenTheBodyIsNotAsAgreed_saysWhy(String type, String body, int status, String problem) {
    assertProblem(
        node.send("POST", "/v1/cache/fib", body == null ? "" : body, "Content-Type", type),
        status,
        problem);
  }

  @Test
  void post_whenTheJsonIsMalformed_tellsThePlace() {
    assertThat(post("/v1/cache/fib", "{\"inputs\":[}").body()).contains("line: 1, column: 12");
  }

  @Test
  void post_whenThereAreMoreThanAThousandInputs_is422() {
    assertProblem(post("/v1/cache/fib", inputs(1001)), 422, "invalid");
  }

  @Test
  void post_whenTheComputationIsUnknown_is404() {
    assertProblem(post("/v1/cache/none", inputs(1)), 404, "no-such-computation");
  }

  @Test
  void delete_whetherThereIsAResultOrNot_is204() {
    node.get("/v1/cache/fib/10");

    assertThat(node.send("DELETE", "/v1/cache/fib/010", "").statusCode()).isEqualTo(204);
    assertThat(redis.number("DBSIZE")).isZero();
    assertThat(node.send("DELETE", "/v1/cache/fib/10", "").statusCode()).isEqualTo(204);
    assertProblem(node.send("DELETE", "/v1/cache/fib/x", ""), 422, "invalid");
    assertProblem(node.send("DELETE", "/v1/cache/none/1", ""), 404, "no-such-computation");
  }

  @Test
  void delete_ofAComputation_removesItsResultsAndNothingElse() {
    for (int n = 0; n < 1500; n++) {
      redis.run("SET", "fib:" + n, "1", "EX", "60");
    }
    redis.run("SET", "fibber:1", "other");
    redis.run("SET", "reversed:1", "1");

    HttpResponse<String> answer = node.send("DELETE", "/v1/cache/fib", "");

    assertThat(answer.body()).isEqualTo("{\"removed\":1500}");
    assertThat(redis.number("DBSIZE")).isEqualTo(2);
    assertThat(node.send("DELETE", "/v1/cache/fib", "").body()).isEqualTo("{\"removed\":0}");
    assertProblem(node.send("DELETE", "/v1/cache/none", ""), 404, "no-such-computation");
  }

  @Test
  void delete_whenTheInputIsEmpty_isNotTakenForAllOfThem() {
    node.get("/v1/cache/fib/10");

    assertProblem(node.send("DELETE", "/v1/cache/fib/", ""), 422, "invalid");
    assertThat(redis.run("GET", "fib:10")).isEqualTo("55");
  }

  @Test
  void post_whenAnInputIsHalfACharacter_refusesIt() {
    redis.run("SET", "reversed:a?", "of another input");

    assertThat(post("/v1/cache/reversed", "{\"inputs\":[\"a\\ud800\"]}").body())
        .contains("urn:recall:invalid")
        .doesNotContain("of another input");
  }

  @Test
  void get_whenWhatIsStoredIsNoText_isReplaced() {
    redis.run("EVAL", "redis.call('SET', 'fib:10', '\\255\\254')", "0");

    assertThat(node.get("/v1/cache/fib/10").body()).contains("\"result\":\"55\"");
    assertThat(redis.run("GET", "fib:10")).isEqualTo("55");
  }

  @Test
  void etag_ofAnotherRepresentation_isAnother() {
    String json = node.get("/v1/cache/fib/10").headers().firstValue("etag").orElseThrow();

    assertThat(
            node.get("/v1/cache/fib/10", "Accept", "text/plain", "If-None-Match", json)
                .statusCode())
        .isEqualTo(200);
  }

  @Test
  void computations_listsThoseBuiltInAndThosePluggedIn() {
    assertThat(node.get("/v1/computations").body())
        .isEqualTo(
            "{\"computations\":["
                + known("fib", 600_000)
                + ","
                + known("held", 60_000)
                + ","
                + known("refusing", 60_000)
                + ","
                + known("reversed", 300_000)
                + ","
                + known("sequence", 60_000)
                + "]}");
  }

  private static String known(String name, long ttlMs) {
    return "{\"name\":\"%s\",\"ttl_ms\":%d,\"by\":\"class\",\"media_type\":\"text/plain\"}"
        .formatted(name, ttlMs);
  }

  private HttpResponse<String> post(String path, String body) {
    return node.send("POST", path, body, "Content-Type", "application/json");
  }

  private static String inputs(int howMany) {
    JsonArray inputs = new JsonArray();
    IntStream.range(0, howMany).forEach(n -> inputs.add(Integer.toString(n)));
    return new JsonObject().put("inputs", inputs).encode();
  }
}
