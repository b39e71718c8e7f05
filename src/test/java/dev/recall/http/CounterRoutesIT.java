package dev.recall.http;

import static dev.recall.testing.ProblemAssertions.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.recall.testing.RunningNode;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Counters under {@code /v1/counters}: read, added to and forgotten. */
class CounterRoutesIT extends RunningNode {

  private static final String COUNTER = "/v1/counters/k";
  private static final String MAX = "9223372036854775807";
  private static final String MIN = "-9223372036854775808";

  @Test
  void get_whenThereIsNone_isZeroAndCreatesNone() {
    HttpResponse<String> answer = node.get(COUNTER);

    assertValue(answer, "0");
    assertThat(header(answer, "content-type")).isEqualTo("application/json");
    assertThat(header(answer, "cache-control")).isEqualTo("no-store");
    assertThat(redis.number("DBSIZE")).isZero();
  }

  @Test
  void get_whenThereIsOne_leavesItsLifeAlone() {
    redis.run("SET", "counter:k", "7", "PX", "60000");

    assertValue(node.get(COUNTER), "7");
    assertThat(redis.number("PTTL", "counter:k")).isBetween(1L, 60_000L);
  }

  @Test
  void head_always_answersTheHeadersOfGet() {
    add("{\"by\":12345}");

    HttpResponse<String> head = node.send("HEAD", COUNTER, "");

    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
    assertThat(header(head, "content-length"))
        .isEqualTo(header(node.get(COUNTER), "content-length"));
    assertThat(header(head, "cache-control")).isEqualTo("no-store");
  }

  @Test
  void counter_byEitherRoute_isTheSame() {
    node.get("/counter/k");
    assertValue(add("{\"by\":5}"), "6");
    assertThat(node.get("/counter/k").body()).isEqualTo("{\"user_id\":\"k\",\"visits\":7}");
    assertValue(node.get(COUNTER), "7");
  }

  @Test
  void post_withoutABody_addsOne() {
    assertValue(node.send("POST", COUNTER, ""), "1");
  }

  @Test
  void post_withAnEmptyObject_addsOne() {
    HttpResponse<String> answer = add("{}");

    assertValue(answer, "1");
    assertThat(header(answer, "cache-control")).isEqualTo("no-store");
  }

  @ParameterizedTest
  @CsvSource({"5, 15", "-3, 7", "-11, -1", "0, 10"})
  void post_whenByIsGiven_addsIt(String by, String sum) {
    redis.run("SET", "counter:k", "10");

    assertValue(add("{\"by\":" + by + "}"), sum);
    assertThat(redis.run("GET", "counter:k")).isEqualTo(sum);
  }

  @ParameterizedTest
  @CsvSource({
    "9007199254740992, 1, 9007199254740993",
    "-9007199254740992, -1, -9007199254740993",
    "9223372036854775806, 1, 9223372036854775807",
    "0, 9223372036854775807, 9223372036854775807",
    "0, -9223372036854775808, -9223372036854775808",
    "9223372036854775807, -9223372036854775808, -1"
  })
  void post_pastDoubles_isExact(String before, String by, String sum) {
    redis.run("SET", "counter:k", before);

    assertValue(add("{\"by\":" + by + "}"), sum);
    assertValue(node.get(COUNTER), sum);
  }

  @Test
  void post_whenAnAnswerPastDoublesIsRepeated_isExact() {
    String by = "{\"by\":9007199254740993}";

    assertValue(add(by, "Idempotency-Key", "a"), "9007199254740993");
    assertValue(add(by, "Idempotency-Key", "a"), "9007199254740993");
  }

  @ParameterizedTest
  @CsvSource({MAX + ", 1", MIN + ", -1", "2, " + MAX, "-2, " + MIN})
  void post_whenItWouldOverflow_is409AndChangesNothing(String before, String by) {
    redis.run("SET", "counter:k", before, "PX", "60000");

    HttpResponse<String> answer = add("{\"by\":" + by + ",\"ttl\":9}", "Idempotency-Key", "a");

    assertProblem(answer, 409, "counter-overflow");
    assertThat(redis.run("GET", "counter:k")).isEqualTo(before);
    assertThat(redis.number("PTTL", "counter:k")).isBetween(10_000L, 60_000L);
    assertThat(redis.number("DBSIZE")).isOne();
  }

  @Test
  void post_withoutATtl_letsItLiveForThatOfTheSettings() {
    redis.run("SET", "counter:k", "1", "PX", "5000");

    add("{}");

    assertThat(redis.number("PTTL", "counter:k")).isBetween(86_340_000L, 86_400_000L);
  }

  @ParameterizedTest
  @ValueSource(longs = {60, 3_600, 31_536_000})
  void post_whenATtlIsGiven_letsItLiveForSoLong(long ttl) {
    add("{\"ttl\":" + ttl + "}");

    assertThat(redis.number("PTTL", "counter:k")).isBetween(ttl * 1000 - 30_000, ttl * 1000);
  }

  @Test
  void delete_whetherThereIsACounterOrNot_is204() {
    add("{}");

    HttpResponse<String> answer = node.send("DELETE", COUNTER, "");

    assertThat(answer.statusCode()).isEqualTo(204);
    assertThat(answer.body()).isEmpty();
    assertThat(redis.number("DBSIZE")).isZero();
    assertThat(node.send("DELETE", COUNTER, "").statusCode()).isEqualTo(204);
    assertValue(node.get(COUNTER), "0");
  }

  @Test
  void get_whenTheKeyHoldsText_is409AndLeavesIt() {
    redis.run("SET", "counter:k", "007");

    assertProblem(node.get(COUNTER), 409, "wrong-type");
    assertThat(redis.run("GET", "counter:k")).isEqualTo("007");
  }

  @Test
  void post_whenTheIdempotencyKeyIsRepeated_answersAsTheFirstTime() {
    assertValue(add("{\"by\":5}", "Idempotency-Key", "a"), "5");
    add("{\"by\":100}");

    assertValue(add("{\"by\":5}", "Idempotency-Key", "a"), "5");
    assertValue(node.get(COUNTER), "105");
  }

  @Test
  void post_whenTheIdempotencyKeyIsRepeatedAfterDelete_answersAsTheFirstTime() {
    add("{\"by\":5}", "Idempotency-Key", "a");
    node.send("DELETE", COUNTER, "");

    assertValue(add("{\"by\":5}", "Idempotency-Key", "a"), "5");
    assertValue(node.get(COUNTER), "0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"by\":6}", "{\"by\":5,\"ttl\":60}", "{}"})
  void post_whenTheIdempotencyKeyCameWithAnotherAddition_is422(String other) {
    add("{\"by\":5}", "Idempotency-Key", "a");

    assertProblem(add(other, "Idempotency-Key", "a"), 422, "idempotency-key-reused");
    assertValue(node.get(COUNTER), "5");
  }

  @Test
  void post_whenTheSameAdditionIsWrittenOtherwise_isTheSame() {
    add("{\"by\":1,\"ttl\":86400}", "Idempotency-Key", "a");

    assertValue(add(" { \"ttl\" : 86400 } ", "Idempotency-Key", "a"), "1");
  }

  @Test
  void post_withAnIdempotencyKey_isRememberedForADayAndNotLonger() {
    add("{\"ttl\":60}", "Idempotency-Key", "a");
    String answer = redis.run("KEYS", "answer:*").replaceAll("[\\[\\]]", "");
    assertThat(redis.number("PTTL", answer)).isBetween(86_340_000L, 86_400_000L);
    redis.run("PEXPIRE", answer, "60000");

    add("{\"ttl\":60}", "Idempotency-Key", "a");

    assertThat(redis.number("PTTL", answer)).isBetween(1L, 60_000L);
  }

  @Test
  void post_whenAnotherCounterHasTheIdempotencyKey_isOfItsOwn() {
    assertValue(add("{\"by\":5}", "Idempotency-Key", "a"), "5");

    assertThat(node.sendJson("POST", "/v1/counters/l", "{\"by\":7}", "Idempotency-Key", "a").body())
        .isEqualTo("{\"id\":\"l\",\"value\":7}");
  }

  @Test
  void post_whenIdsAndIdempotencyKeysImitateEachOther_shareNoAnswer() {
    List<List<String>> pairs =
        List.of(
            List.of("a", "x}:y"),
            List.of("a}:x", "y"),
            List.of("a", "x:y"),
            List.of("a:x", "y"),
            List.of("a}", "x:y"),
            List.of("{a", "y"),
            List.of("a}:4:{counter:a", "y"),
            List.of("a", "4:{counter:a}:y"),
            List.of("1:{counter:a}:x}", "y"),
            List.of("answer:1:{counter:a}:x}", "y"));
    Map<String, Long> sums = new HashMap<>();
    long by = 1;
    for (List<String> pair : pairs) {
      String id = pair.get(0);
      String addition = "{\"by\":" + by + "}";
      HttpResponse<String> answer =
          node.sendJson("POST", path(id), addition, "Idempotency-Key", pair.get(1));
      long sum = sums.merge(id, by, Long::sum);
      assertThat(answer.body()).isEqualTo("{\"id\":\"" + id + "\",\"value\":" + sum + "}");
      by *= 2;
    }
    assertThat(redis.number("DBSIZE")).isEqualTo(sums.size() + pairs.size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a:b",
        "*",
        "{x}",
        "}",
        "😀",
        "a/b",
        "/",
        "a..",
        "...",
        "q\"uo\\te",
        "é",
        " ",
        "+",
        "%2F",
        "counter:k",
        "lock:k",
        "../lock:k",
        "answer:1:{counter:a}:b",
        "state:session:a",
        "a?b#c"
      })
  void counter_whenTheIdIsUnusual_keepsItsOwnKey(String id) {
    HttpResponse<String> answer = node.sendJson("POST", path(id), "{\"by\":3}");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(redis.run("KEYS", "*")).isEqualTo("[counter:" + id + "]");
    assertThat(node.get(path(id)).body()).isEqualTo(answer.body());
    assertThat(node.send("DELETE", path(id), "").statusCode()).isEqualTo(204);
    assertThat(redis.number("DBSIZE")).isZero();
  }

  @Test
  void counter_whenTheIdHas256Bytes_isAcceptedAndNotOneMore() {
    String longest = "/v1/counters/" + "%C3%A9".repeat(128);

    assertThat(node.get(longest).statusCode()).isEqualTo(200);
    assertProblem(node.get(longest + "a"), 422, "invalid");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "%00", "a%0Ab", "%7F", "%C2%85", "%FF", "%ED%A0%80", "%C0%AF"})
  void counter_whenTheIdIsNone_is422ForEveryVerb(String id) {
    for (String verb : List.of("GET", "POST", "DELETE")) {
      HttpResponse<String> answer = node.send(verb, "/v1/counters/" + id, "");
      assertProblem(answer, 422, "invalid");
      assertThat(faultsOf(answer)).containsExactly("path id");
    }
    assertThat(redis.number("DBSIZE")).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/v1/counters/.", "/v1/counters/%2E", "/v1/counters/x/..", "/v1/counters/x/"})
  void counter_whenThePathEndsInDotsOrASlash_isOfNobody(String path) {
    assertThat(node.send("POST", path, "").statusCode()).isBetween(400, 499);
    assertThat(redis.number("DBSIZE")).isZero();
  }

  @Test
  void post_whenAllIsWrong_tellsOfEveryFaultAndItsPlace() {
    HttpResponse<String> answer =
        node.sendJson(
            "POST",
            "/v1/counters/%01",
            "{\"by\":\"5\",\"ttl\":-1,\"more\":1}",
            "Idempotency-Key",
            "k".repeat(257));

    assertProblem(answer, 422, "invalid");
    assertThat(faultsOf(answer))
        .containsExactlyInAnyOrder(
            "path id", "body by", "body ttl", "header idempotency-key", "body more");
    assertThat(redis.number("DBSIZE")).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"by\":1.0}                   | by",
        "{\"by\":1e3}                   | by",
        "{\"by\":9223372036854775808}   | by",
        "{\"by\":true}                  | by",
        "{\"by\":[]}                    | by",
        "{\"ttl\":0}                    | ttl",
        "{\"ttl\":-1}                   | ttl",
        "{\"ttl\":1.5}                  | ttl",
        "{\"ttl\":31536001}             | ttl",
        "{\"ttl\":\"60\"}               | ttl",
        "{\"value\":1}                  | value"
      })
  void post_whenAFieldIsWrong_is422ThatNamesIt(String body, String field) {
    HttpResponse<String> answer = add(body);

    assertProblem(answer, 422, "invalid");
    assertThat(faultsOf(answer)).containsExactly("body " + field);
    assertThat(redis.number("DBSIZE")).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "1", "\"k\"", "null", "true"})
  void post_whenTheBodyIsNoObject_is422(String body) {
    assertProblem(add(body), 422, "invalid");
    assertThat(redis.number("DBSIZE")).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"by\":5        | line: 1, column:",
        "{\"by\":x}       | line: 1, column: 7",
        "{\"by\":5}}      | line: 1, column:",
        "{\"by\":05}      | line: 1, column:",
        "{'by':5}         | line: 1, column: 2"
      })
  void post_whenTheJsonIsMalformed_is400WithThePlace(String body, String place) {
    HttpResponse<String> answer = add(body);

    assertProblem(answer, 400, "malformed");
    assertThat(answer.body()).contains(place);
    assertThat(redis.number("DBSIZE")).isZero();
  }

  @Test
  void post_whenTheBodyIsSaidToBeJsonButEmpty_is400() {
    assertProblem(add(""), 400, "malformed");
  }

  @Test
  void post_whenTheBodyIsOver64KiB_is413() {
    assertProblem(add(" ".repeat(65_535) + "{}"), 413, "body-too-large");
  }

  @Test
  void post_whenTheBodyIsOfAnotherType_is415() {
    for (String type :
        List.of("text/plain", "application/jsonp", "application/x-www-form-urlencoded")) {
      assertProblem(
          node.send("POST", COUNTER, "{}", "Content-Type", type), 415, "unsupported-media-type");
    }
    assertProblem(node.send("POST", COUNTER, "{}"), 415, "unsupported-media-type");
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/json; charset=utf-8", "Application/JSON"})
  void post_whenJsonIsNamedOtherwise_isRead(String type) {
    assertValue(node.send("POST", COUNTER, "{\"by\":2}", "Content-Type", type), "2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"PUT", "PATCH", "OPTIONS"})
  void counter_whenTheVerbIsAnother_is405WithAllow(String verb) {
    HttpResponse<String> answer = node.send(verb, COUNTER, "");

    assertProblem(answer, 405, "method-not-allowed");
    assertThat(header(answer, "allow")).isEqualTo("GET, HEAD, POST, DELETE");
  }

  @Test
  void post_whenTheBodyRepeatsWhatThePathSays_tellsOfEveryFault() {
    assertThat(faultsOf(add("{\"id\":\"other\",\"by\":\"x\"}")))
        .containsExactlyInAnyOrder("body id", "body by");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "1", "null"})
  void post_whenTheBodyIsNoObject_saysThatItIsTheBody(String body) {
    assertThat(faultsOf(add(body))).containsExactly("body");
  }

  @ParameterizedTest
  @ValueSource(strings = {"host", "content_type", "user_agent"})
  void post_whenAnUnknownFieldIsNamedLikeAHeader_isStillInTheBody(String field) {
    assertThat(faultsOf(add("{\"" + field + "\":1}"))).containsExactly("body " + field);
  }

  @Test
  void post_whenTheIdempotencyKeyIsInTheBody_is422() {
    HttpResponse<String> answer = add("{\"idempotency_key\":\"a\"}");

    assertProblem(answer, 422, "invalid");
    assertThat(faultsOf(answer)).containsExactly("body idempotency_key");
    assertThat(redis.number("DBSIZE")).isZero();
  }

  @Test
  void post_whenTheIdempotencyKeyIsUtf8_isKeptAsWhatItIs() throws IOException {
    String answer =
        node.exchange(
            "POST /v1/counters/k HTTP/1.1\r\nHost: localhost\r\nIdempotency-Key: À\r\n\r\n");

    assertThat(answer).startsWith("HTTP/1.1 200 ");
    assertThat(redis.run("KEYS", "answer:*")).contains(":À]");
  }

  private HttpResponse<String> add(String body, String... headers) {
    return node.sendJson("POST", COUNTER, body, headers);
  }

  private static String path(String id) {
    return "/v1/counters/" + URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static void assertValue(HttpResponse<String> answer, String value) {
    assertThat(answer.body()).isEqualTo("{\"id\":\"k\",\"value\":" + value + "}");
    assertThat(answer.statusCode()).isEqualTo(200);
  }
}
