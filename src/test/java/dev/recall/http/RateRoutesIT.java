package dev.recall.http;

import static dev.recall.testing.ProblemAssertions.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.recall.testing.RunningNode;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rate limits under {@code /v1/rate-limits}, which programs take for their own callers. */
class RateRoutesIT extends RunningNode {

  private static final String CALLER = "/v1/rate-limits/slow/ada";

  RateRoutesIT() {
    super("rate-limits.slow.limit=2/hour burst 3", "rate-limits.slow.groups=counters");
  }

  @Test
  void take_withinTheLimit_answersWhatIsLeft() {
    HttpResponse<String> first = node.send("POST", CALLER, "");
    HttpResponse<String> second = take("{\"cost\":2}");

    assertThat(first.statusCode()).isEqualTo(200);
    assertThat(first.body())
        .isEqualTo("{\"allowed\":true,\"remaining\":2,\"reset_ms\":1800000,\"retry_after_ms\":0}");
    assertThat(header(first, "content-type")).isEqualTo("application/json");
    assertThat(header(first, "cache-control")).isEqualTo("no-store");
    assertThat(second.body()).startsWith("{\"allowed\":true,\"remaining\":0,");
  }

  @Test
  void take_beyondTheLimit_is429AndTakesNothing() {
    take("{\"cost\":3}");
    String before = redis.run("GET", "rate:slow:ada");

    HttpResponse<String> answer = node.send("POST", CALLER, "");

    assertProblem(answer, 429, "rate-limited");
    assertThat(Integer.parseInt(header(answer, "retry-after"))).isBetween(1700, 1800);
    assertThat(redis.run("GET", "rate:slow:ada")).isEqualTo(before);
  }

  @Test
  void callers_alwaysHaveSharesOfTheirOwn_andNeitherCountsForWhoeverAsks() {
    take("{\"cost\":3}");

    assertThat(node.send("POST", "/v1/rate-limits/slow/bob", "").statusCode()).isEqualTo(200);
    assertThat(header(node.get("/v1/counters/k"), "ratelimit")).contains(";r=2;");
  }

  @ParameterizedTest
  @MethodSource("dev.recall.http.UnusualNames#all")
  void caller_whenTheNameIsUnusual_hasItsOwnShare(String caller) {
    String escaped = URLEncoder.encode(caller, StandardCharsets.UTF_8).replace("+", "%20");

    assertThat(node.send("POST", "/v1/rate-limits/slow/" + escaped, "").statusCode())
        .isEqualTo(200);
    assertThat(redis.run("KEYS", "*")).isEqualTo("[rate:slow:" + caller + "]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "%00", "%FF", ".", "%2E%2E"})
  void caller_whenItIsNoName_is422(String caller) {
    assertThat(node.send("POST", "/v1/rate-limits/slow/" + caller, "").statusCode())
        .isBetween(400, 499);
    assertThat(redis.number("DBSIZE")).isZero();
  }

  @Test
  void limit_whenTheSettingsNameNone_is404() {
    assertProblem(node.send("POST", "/v1/rate-limits/none/ada", ""), 404, "no-such-rate-limit");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "1.5", "\"1\"", "4"})
  void cost_whenItCanNeverBeAllowed_is422(String cost) {
    HttpResponse<String> answer = take("{\"cost\":" + cost + "}");

    assertProblem(answer, 422, "invalid");
    assertThat(faultsOf(answer)).singleElement().asString().endsWith("cost");
  }

  @ParameterizedTest
  @ValueSource(strings = {"limit", "caller", "x"})
  void body_whenItHasAnythingElse_is422(String field) {
    HttpResponse<String> answer = take("{\"" + field + "\":\"slow\"}");

    assertProblem(answer, 422, "invalid");
    assertThat(faultsOf(answer)).containsExactly("body " + field);
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "PUT", "DELETE", "PATCH"})
  void take_byAnotherVerb_is405(String verb) {
    HttpResponse<String> answer = node.send(verb, CALLER, "");

    assertProblem(answer, 405, "method-not-allowed");
    assertThat(header(answer, "allow")).isEqualTo("POST");
  }

  @Test
  void path_withoutACaller_is404() {
    for (String path : List.of("/v1/rate-limits", "/v1/rate-limits/slow")) {
      assertProblem(node.send("POST", path, ""), 404, "no-such-route");
    }
  }

  private HttpResponse<String> take(String json) {
    return node.sendJson("POST", CALLER, json);
  }
}
