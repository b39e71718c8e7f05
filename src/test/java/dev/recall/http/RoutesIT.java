package dev.recall.http;

import static dev.recall.testing.ProblemAssertions.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.recall.testing.RunningNode;
import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The four routes of the tutorial, their bytes and their keys. */
class RoutesIT extends RunningNode {

  @Test
  void redisTest_always_writesAndReadsTheMessage() {
    assertJson(node.get("/redis-test"), "{\"message\":\"Hello Redis!\"}");
    assertThat(redis.run("GET", "test_key")).isEqualTo("Hello Redis!");
  }

  @Test
  void example_always_writesAndReadsTheValue() {
    assertJson(node.get("/example"), "{\"data\":\"value\"}");
    assertThat(redis.run("GET", "key")).isEqualTo("value");
  }

  @Test
  void calculate_whenAskedAgain_answersFromTheCache() {
    assertJson(node.get("/cache/calculate/10"), "{\"n\":10,\"result\":55,\"source\":\"database\"}");
    assertJson(node.get("/cache/calculate/10"), "{\"n\":10,\"result\":55,\"source\":\"cache\"}");
  }

  @Test
  void calculate_whenComputed_keepsTheDecimalStringForItsTtl() {
    node.get("/cache/calculate/10");

    assertThat(redis.run("GET", "fib:10")).isEqualTo("55");
    assertThat(redis.number("TTL", "fib:10")).isBetween(598L, 600L);
  }

  @Test
  void calculate_whenAnotherProgramStoredTheResult_answersIt() {
    redis.run("SET", "fib:20", "6765");

    assertJson(node.get("/cache/calculate/20"), "{\"n\":20,\"result\":6765,\"source\":\"cache\"}");
  }

  @Test
  void calculate_whenTheResultIsPastEveryNumberType_isExact() {
    HttpResponse<String> answer = node.get("/cache/calculate/5000");

    BigInteger[] pair = {BigInteger.ZERO, BigInteger.ONE};
    for (int i = 0; i < 5000; i++) {
      BigInteger next = pair[0].add(pair[1]);
      pair[0] = pair[1];
      pair[1] = next;
    }
    assertJson(answer, "{\"n\":5000,\"result\":" + pair[0] + ",\"source\":\"database\"}");
  }

  @Test
  void calculate_whenTextIsAccepted_answersTheBareDigits() {
    HttpResponse<String> answer = node.get("/cache/calculate/10", "Accept", "text/plain");

    assertThat(answer.body()).isEqualTo("55");
    assertThat(answer.headers().firstValue("content-type")).hasValue("text/plain");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/json",
        "application/*",
        "text/plain;q=0.5, */*",
        "*/*",
        "Application/JSON"
      })
  void calculate_whenJsonIsAcceptedFirst_answersJson(String accept) {
    assertThat(node.get("/cache/calculate/10", "Accept", accept).body()).startsWith("{\"n\":10,");
  }

  @Test
  void calculate_whenNothingOfferedIsAccepted_is406() {
    assertProblem(node.get("/cache/calculate/10", "Accept", "image/png"), 406, "not-acceptable");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "1"})
  void calculate_whenZeroOrOne_isItself(String n) {
    assertThat(node.get("/cache/calculate/" + n).body())
        .isEqualTo("{\"n\":" + n + ",\"result\":" + n + ",\"source\":\"database\"}");
  }

  @Test
  void calculate_whenLeadingZeros_sharesTheCanonicalKey() {
    node.get("/cache/calculate/007");

    assertThat(redis.run("KEYS", "*")).isEqualTo("[fib:7]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"-1", "-0", "1e3", "5.0", "%2B7", "%205%20", "1_0", "%D9%A3", "", "100001", "%FF"})
  void calculate_whenNoNumberInRange_is422AndTouchesNothing(String n) {
    HttpResponse<String> answer = node.get("/cache/calculate/" + n);

    assertProblem(answer, 422, "invalid");
    assertThat(new JsonObject(answer.body()).getJsonArray("errors").getJsonObject(0).encode())
        .startsWith("{\"loc\":[\"path\",\"n\"],\"msg\":\"");
    assertThat(redis.number("DBSIZE")).isZero();
  }

  @Test
  void calculate_when3000Digits_is422() {
    assertProblem(node.get("/cache/calculate/" + "9".repeat(3000)), 422, "invalid");
  }

  @Test
  void counter_whenVisited_countsFromOne() {
    assertJson(node.get("/counter/123"), "{\"user_id\":\"123\",\"visits\":1}");
    assertJson(node.get("/counter/123"), "{\"user_id\":\"123\",\"visits\":2}");
    assertThat(redis.run("GET", "counter:123")).isEqualTo("2");
  }

  @Test
  void counter_whenVisited_livesOnForItsTtl() {
    node.get("/counter/123");
    redis.run("EXPIRE", "counter:123", "5");

    HttpResponse<String> answer = node.get("/counter/123");

    assertThat(redis.number("TTL", "counter:123")).isBetween(86398L, 86400L);
    assertThat(answer.headers().firstValue("cache-control")).hasValue("no-store");
  }

  @Test
  void counter_whenPastDoubles_isExact() {
    redis.run("SET", "counter:big", "9007199254740992");

    assertThat(node.get("/counter/big").body())
        .isEqualTo("{\"user_id\":\"big\",\"visits\":9007199254740993}");
  }

  @Test
  void counter_whenAtTheEndOf64Bits_is409AndStays() {
    redis.run("SET", "counter:max", Long.toString(Long.MAX_VALUE));

    assertProblem(node.get("/counter/max"), 409, "counter-overflow");
    assertThat(redis.run("GET", "counter:max")).isEqualTo(Long.toString(Long.MAX_VALUE));
    assertThat(redis.number("TTL", "counter:max")).isEqualTo(-1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a:b", "*", "{x}", "😀", "a/b", "..%", "q\"uo\\te", "é"})
  void counter_whenTheIdIsUnusual_keepsItsOwnKey(String id) {
    String escaped = URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");

    HttpResponse<String> answer = node.get("/counter/" + escaped);

    assertThat(new JsonObject(answer.body()).getString("user_id")).isEqualTo(id);
    assertThat(redis.run("KEYS", "*")).isEqualTo("[counter:" + id + "]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "%00", "a%0Ab", "%7F", "%C2%85", "%FF", "%ED%A0%80", "%C0%AF"})
  void counter_whenTheIdIsNone_is422AndTouchesNothing(String id) {
    assertProblem(node.get("/counter/" + id), 422, "invalid");
    assertThat(redis.number("DBSIZE")).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/counter/x/..", "/counter/."})
  void counter_whenThePathEndsInDots_countsNobody(String path) {
    assertThat(node.get(path).statusCode()).isBetween(400, 499);
    assertThat(redis.number("DBSIZE")).isZero();
  }

  @Test
  void counter_whenTheIdHas256Bytes_isAcceptedAndNotOneMore() {
    String longest = "%C3%A9".repeat(128);

    assertThat(node.get("/counter/" + longest).statusCode()).isEqualTo(200);
    assertProblem(node.get("/counter/" + longest + "a"), 422, "invalid");
  }

  private static void assertJson(HttpResponse<String> answer, String body) {
    assertThat(answer.body()).isEqualTo(body);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("content-type")).hasValue("application/json");
  }
}
