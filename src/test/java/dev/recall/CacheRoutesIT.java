package dev.recall;

import static dev.recall.RoutesIT.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.recall.redis.RedisCli;
import dev.recall.redis.bundled.SharedRedis;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

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
    Node.flush(redis, node);
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
}
