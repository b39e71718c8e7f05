package dev.recall.http;

import static dev.recall.testing.ProblemAssertions.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.recall.testing.RunningNode;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Locks under {@code /v1/locks}: taken, renewed, released and broken. */
class LockRoutesIT extends RunningNode {

  private static final String LOCK = "/v1/locks/k";

  @Test
  void post_whenItIsFree_answersHowItIsHeld() {
    HttpResponse<String> answer = acquire("{\"ttl_ms\":60000}");

    assertThat(answer.statusCode()).isEqualTo(201);
    assertThat(answer.body())
        .matches(
            "\\{\"name\":\"k\",\"token\":\"[A-Za-z0-9_-]{43}\",\"fence\":1,\"expires_in_ms\":60000}");
    assertThat(header(answer, "content-type")).isEqualTo("application/json");
    assertThat(header(answer, "cache-control")).isEqualTo("no-store");
    assertThat(redis.number("PTTL", "lock:k")).isBetween(30_000L, 60_000L);
  }

  @Test
  void post_withoutABody_takesTheDefaults() {
    assertThat(new JsonObject(node.send("POST", LOCK, "").body()).getLong("expires_in_ms"))
        .isEqualTo(10_000);
  }

  @Test
  void post_whenItIsHeld_is409AndTellsWhenItMayBeFree() {
    String token = token(acquire("{\"ttl_ms\":60000}"));

    HttpResponse<String> answer = acquire("{}");

    assertProblem(answer, 409, "lock-held");
    assertThat(Integer.parseInt(header(answer, "retry-after"))).isBetween(30, 60);
    assertThat(answer.body()).doesNotContain(token);
    assertThat(redis.run("HGET", "lock:k", "token")).isEqualTo(token);
  }

  @Test
  void post_whenItIsHeldPastTheWait_is409() {
    acquire("{\"ttl_ms\":60000}");

    HttpResponse<String> answer = acquire("{\"wait_ms\":50}");

    assertProblem(answer, 409, "lock-held");
    assertThat(Integer.parseInt(header(answer, "retry-after"))).isBetween(30, 60);
  }

  @Test
  void post_whenItIsReleasedDuringTheWait_isGiven() {
    String token = token(acquire("{\"ttl_ms\":60000}"));
    redis.run("CONFIG", "RESETSTAT");
    CompletableFuture<HttpResponse<String>> waiting =
        CompletableFuture.supplyAsync(() -> acquire("{\"wait_ms\":30000}"));
    Awaitility.await().until(() -> redis.run("INFO", "commandstats").contains("cmdstat_evalsha:"));

    release(token);

    assertThat(waiting.join().statusCode()).isEqualTo(201);
    assertThat(fence(waiting.join())).isEqualTo(2);
  }

  @Test
  void fence_withEveryHold_risesByOne() {
    HttpResponse<String> first = acquire("{}");
    release(token(first));
    HttpResponse<String> second = acquire("{\"ttl_ms\":1}");
    Awaitility.await().until(() -> redis.number("EXISTS", "lock:k") == 0);
    HttpResponse<String> third = acquire("{}");
    node.send("DELETE", LOCK, "");
    assertProblem(renew("{}", token(third)), 412, "lock-lost");
    HttpResponse<String> fourth = acquire("{}");
    acquire("{}");
    renew("{}", token(fourth));

    assertThat(List.of(fence(first), fence(second), fence(third), fence(fourth)))
        .containsExactly(1L, 2L, 3L, 4L);
    assertThat(redis.number("HGET", "fence:k", "issued")).isEqualTo(4);
    assertThat(redis.number("PTTL", "fence:k")).isEqualTo(-1);
  }

  @Test
  void token_ofEveryHold_isAnother() {
    String first = token(acquire("{}"));
    release(first);

    assertThat(token(acquire("{}"))).isNotEqualTo(first);
  }

  @Test
  void put_withTheToken_renews() {
    HttpResponse<String> held = acquire("{}");

    HttpResponse<String> answer = renew("{\"ttl_ms\":60000}", token(held));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body())
        .isEqualTo(
            "{\"name\":\"k\",\"token\":\""
                + token(held)
                + "\",\"fence\":1,\"expires_in_ms\":60000}");
    assertThat(header(answer, "cache-control")).isEqualTo("no-store");
    assertThat(redis.number("PTTL", "lock:k")).isBetween(30_000L, 60_000L);
  }

  @Test
  void put_withoutABody_renewsByTheDefault() {
    String token = token(acquire("{\"ttl_ms\":86400000}"));

    HttpResponse<String> answer = node.send("PUT", LOCK, "", "If-Match", "\"" + token + "\"");

    assertThat(new JsonObject(answer.body()).getLong("expires_in_ms")).isEqualTo(10_000);
    assertThat(redis.number("PTTL", "lock:k")).isBetween(1L, 10_000L);
  }

  @Test
  void put_withAnotherToken_is412AndRenewsNothing() {
    acquire("{\"ttl_ms\":60000}");

    assertProblem(renew("{\"ttl_ms\":86400000}", "other"), 412, "lock-lost");
    assertThat(redis.number("PTTL", "lock:k")).isBetween(1L, 60_000L);
  }

  @Test
  void put_withoutAToken_is428() {
    acquire("{}");

    assertProblem(node.sendJson("PUT", LOCK, "{}"), 428, "precondition-required");
  }

  @Test
  void put_whenItIsNotHeld_is412AndTakesNothing() {
    assertProblem(renew("{}", "any"), 412, "lock-lost");
    assertThat(redis.number("DBSIZE")).isZero();
  }

  @Test
  void delete_withTheToken_releases() {
    String token = token(acquire("{}"));

    HttpResponse<String> answer = release(token);

    assertThat(answer.statusCode()).isEqualTo(204);
    assertThat(answer.body()).isEmpty();
    assertThat(redis.number("EXISTS", "lock:k")).isZero();
    assertProblem(release(token), 412, "lock-lost");
  }

  @Test
  void delete_withTheTokenOfAnEarlierHold_is412AndLeavesTheLock() {
    String first = token(acquire("{}"));
    release(first);
    acquire("{}");

    assertProblem(release(first), 412, "lock-lost");
    assertProblem(release(""), 412, "lock-lost");
    assertThat(redis.number("EXISTS", "lock:k")).isOne();
  }

  @Test
  void delete_withoutAToken_breaksTheLockOfWhoeverHasIt() {
    String token = token(acquire("{}"));

    assertThat(node.send("DELETE", LOCK, "").statusCode()).isEqualTo(204);
    assertThat(redis.number("EXISTS", "lock:k")).isZero();
    assertProblem(release(token), 412, "lock-lost");
    assertThat(node.send("DELETE", LOCK, "").statusCode()).isEqualTo(204);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "*", "W/\"x\"", "\"x\", \"y\"", "\"x", "\"a b\""})
  void ifMatch_whenItIsNotOneTokenInQuotes_is400(String condition) {
    acquire("{}");

    for (String verb : List.of("PUT", "DELETE")) {
      assertProblem(node.sendJson(verb, LOCK, "{}", "If-Match", condition), 400, "malformed");
    }
    assertThat(redis.number("EXISTS", "lock:k")).isOne();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"ttl_ms\":0}                   | body ttl_ms",
        "{\"ttl_ms\":-1}                  | body ttl_ms",
        "{\"ttl_ms\":86400001}            | body ttl_ms",
        "{\"ttl_ms\":1.5}                 | body ttl_ms",
        "{\"ttl_ms\":\"1\"}               | body ttl_ms",
        "{\"wait_ms\":-1}                 | body wait_ms",
        "{\"wait_ms\":30001}              | body wait_ms",
        "{\"token\":\"x\"}                | body token",
        "{\"ttl_ms\":0,\"wait_ms\":-1,\"x\":1} | body ttl_ms, body wait_ms, body x"
      })
  void post_whenTheBodyIsWrong_is422ThatNamesEveryFault(String body, String places) {
    HttpResponse<String> answer = acquire(body);

    assertProblem(answer, 422, "invalid");
    assertThat(String.join(", ", faultsOf(answer))).isEqualTo(places);
    assertThat(redis.number("DBSIZE")).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"ttl_ms\":0}", "{\"ttl_ms\":86400001}", "{\"wait_ms\":1}"})
  void put_whenTheBodyIsWrong_is422AndRenewsNothing(String body) {
    String token = token(acquire("{\"ttl_ms\":60000}"));

    assertProblem(renew(body, token), 422, "invalid");
    assertThat(redis.number("PTTL", "lock:k")).isBetween(10_001L, 60_000L);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"ttl_ms\":1}",
        "{\"ttl_ms\":86400000}",
        "{\"wait_ms\":0}",
        "{\"wait_ms\":30000}"
      })
  void post_atTheEndsOfTheRanges_isTaken(String body) {
    assertThat(acquire(body).statusCode()).isEqualTo(201);
  }

  @Test
  void post_whenTheJsonIsMalformed_is400WithThePlace() {
    HttpResponse<String> answer = acquire("{\"ttl_ms\":}");

    assertProblem(answer, 400, "malformed");
    assertThat(answer.body()).contains("line: 1, column: 11");
  }

  @Test
  void post_whenTheBodyIsOfAnotherType_is415() {
    assertProblem(
        node.send("POST", LOCK, "{}", "Content-Type", "text/plain"), 415, "unsupported-media-type");
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "HEAD", "PATCH"})
  void lock_whenTheVerbIsAnother_is405WithAllow(String verb) {
    HttpResponse<String> answer = node.send(verb, LOCK, "");

    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(header(answer, "allow")).isEqualTo("POST, PUT, DELETE");
  }

  @ParameterizedTest
  @MethodSource("dev.recall.http.UnusualNames#all")
  void lock_whenItsNameIsUnusual_keepsItsOwnKeys(String name) {
    String path =
        "/v1/locks/" + URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");

    HttpResponse<String> answer = node.send("POST", path, "");

    assertThat(new JsonObject(answer.body()).getString("name")).isEqualTo(name);
    assertThat(redis.number("EXISTS", "lock:" + name)).isOne();
    assertThat(redis.number("EXISTS", "fence:" + name)).isOne();
    assertThat(redis.number("DBSIZE")).isEqualTo(2);
    assertThat(node.send("DELETE", path, "", "If-Match", "\"" + token(answer) + "\"").statusCode())
        .isEqualTo(204);
  }

  @Test
  void lock_whenItsNameHas256Bytes_isAcceptedAndNotOneMore() {
    String longest = "/v1/locks/" + "%C3%A9".repeat(128);

    assertThat(node.send("POST", longest, "").statusCode()).isEqualTo(201);
    assertProblem(node.send("POST", longest + "a", ""), 422, "invalid");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "%00", "a%0Ab", "%7F", "%C2%85", "%FF", "%ED%A0%80", "."})
  void lock_whenItsNameIsNone_is422ForEveryVerb(String name) {
    for (String verb : List.of("POST", "PUT", "DELETE")) {
      HttpResponse<String> answer = node.send(verb, "/v1/locks/" + name, "", "If-Match", "\"x\"");
      assertProblem(answer, 422, "invalid");
      assertThat(faultsOf(answer)).containsExactly("path name");
    }
    assertThat(redis.number("DBSIZE")).isZero();
  }

  @Test
  void lock_whenAnotherProgramKeepsSomethingThere_is409AndLeft() {
    redis.run("SET", "lock:k", "text");

    assertProblem(acquire("{}"), 409, "wrong-type");
    assertProblem(renew("{}", "x"), 409, "wrong-type");
    assertProblem(release("x"), 409, "wrong-type");
    assertThat(redis.run("GET", "lock:k")).isEqualTo("text");
  }

  private HttpResponse<String> acquire(String body) {
    return node.sendJson("POST", LOCK, body);
  }

  private HttpResponse<String> renew(String body, String token) {
    return node.sendJson("PUT", LOCK, body, "If-Match", "\"" + token + "\"");
  }

  private HttpResponse<String> release(String token) {
    return node.send("DELETE", LOCK, "", "If-Match", "\"" + token + "\"");
  }

  private static String token(HttpResponse<String> held) {
    return new JsonObject(held.body()).getString("token");
  }

  private static long fence(HttpResponse<String> held) {
    return new JsonObject(held.body()).getLong("fence");
  }
}
