package dev.recall.http;

import static dev.recall.testing.ProblemAssertions.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recall.testing.RawCaller;
import dev.recall.testing.RunningNode;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Results that callers make, over HTTP. */
class LeaseRoutesIT extends RunningNode {

  private static final String LEASE = "/v1/leases/shop/x";
  private static final String RESULT = "/v1/results/shop/x";
  private static final String NO_BODY = "";

  LeaseRoutesIT() {
    super(
        "computations.shop.by=callers",
        "computations.shop.ttl=60s",
        "computations.small.by=callers",
        "computations.small.ttl=60s",
        "computations.small.max-bytes=10B");
  }

  private HttpResponse<String> take(String json) {
    return node.sendJson("POST", LEASE, json);
  }

  private String token() {
    return new JsonObject(take("{}").body()).getString("token");
  }

  private HttpResponse<String> put(String body, String token) {
    return node.send("PUT", RESULT, body, "If-Match", '"' + token + '"');
  }

  private HttpResponse<String> release(String query, String token) {
    return node.send("DELETE", LEASE + query, NO_BODY, "If-Match", '"' + token + '"');
  }

  private CompletableFuture<HttpResponse<String>> waiting() {
    CompletableFuture<HttpResponse<String>> waiting =
        CompletableFuture.supplyAsync(() -> take("{\"wait_ms\":30000}"));
    await()
        .until(() -> node.meter("recall_bus_pending{address=\"recall.local.cache.lease\"}") == 1);
    return waiting;
  }

  @Test
  void post_whenNobodyMakesIt_grantsTheLease() {
    HttpResponse<String> granted = take("{\"ttl_ms\":5000}");

    assertThat(granted.statusCode()).isEqualTo(201);
    assertThat(header(granted, "cache-control")).isEqualTo("no-store");
    assertThat(granted.body())
        .matches(
            "\\{\"computation\":\"shop\",\"input\":\"x\",\"token\":\"[0-9a-f]{32}\\.-\","
                + "\"expires_in_ms\":5000}");
  }

  @Test
  void post_whenSomebodyMakesIt_isHeldAndTellsForHowLong() {
    take("{\"ttl_ms\":60000}");

    HttpResponse<String> held = take("{}");

    assertProblem(held, 409, "lease-held");
    assertThat(header(held, "retry-after")).isEqualTo("60");
  }

  @Test
  void post_whenTheResultIsPutMeanwhile_isTheBareResult() {
    String token = token();
    CompletableFuture<HttpResponse<String>> waiting = waiting();

    assertThat(put("{\"price\":3}", token).statusCode()).isEqualTo(204);

    HttpResponse<String> result = waiting.join();
    assertThat(result.statusCode()).isEqualTo(200);
    assertThat(result.body()).isEqualTo("{\"price\":3}");
    assertThat(header(result, "content-type")).isEqualTo("application/json");
    assertThat(header(result, "cache-status")).contains("collapsed");
  }

  @Test
  void post_whenWhoeverWaitsHangsUp_waitsNoMore() throws Exception {
    token();
    try (RawCaller caller = new RawCaller(node.httpPort())) {
      caller.send(
          "POST "
              + LEASE
              + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
              + "Content-Length: 17\r\n\r\n{\"wait_ms\":30000}");
      await()
          .until(() -> node.meter("recall_bus_pending{address=\"recall.local.cache.lease\"}") == 1);
    }

    await()
        .until(() -> node.meter("recall_bus_pending{address=\"recall.local.cache.lease\"}") == 0);
  }

  @Test
  void put_whenTheResultIsLongerThanAllowed_isTooLarge() {
    assertThat(node.send("PUT", "/v1/results/small/x", "123456789é").statusCode()).isEqualTo(413);
    assertThat(node.send("PUT", "/v1/results/small/x", "12345678é").statusCode()).isEqualTo(204);
  }

  @Test
  void post_ofAComputationThatCallersDoNotMake_isRefused() {
    assertProblem(node.sendJson("POST", "/v1/leases/fib/1", "{}"), 409, "not-by-callers");
    assertProblem(node.sendJson("POST", "/v1/leases/nobody/1", "{}"), 404, "no-such-computation");
  }

  @ParameterizedTest
  @CsvSource({
    "'{\"ttl_ms\":99}', body ttl_ms",
    "'{\"wait_ms\":30001}', body wait_ms",
    "'{\"wait\":1}', body wait",
    "'{\"token\":\"a\"}', body token"
  })
  void post_withFaults_namesThem(String json, String place) {
    HttpResponse<String> refused = take(json);

    assertProblem(refused, 422, "invalid");
    assertThat(faultsOf(refused)).containsExactly(place);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "%00", "%ff"})
  void post_ofWhatCannotBeAName_isInvalid(String input) {
    assertProblem(node.sendJson("POST", "/v1/leases/shop/" + input, "{}"), 422, "invalid");
  }

  @Test
  void post_ofANameOf257Bytes_isInvalid() {
    assertProblem(
        node.sendJson("POST", "/v1/leases/shop/" + "a".repeat(257), "{}"), 422, "invalid");
  }

  @Test
  void put_ofALeaseWithTheToken_letsItLiveOn() {
    String token = token();

    HttpResponse<String> renewed =
        node.sendJson("PUT", LEASE, "{\"ttl_ms\":90000}", "If-Match", '"' + token + '"');

    assertThat(renewed.statusCode()).isEqualTo(200);
    assertThat(new JsonObject(renewed.body()).getLong("expires_in_ms")).isEqualTo(90_000);
    assertThat(redis.number("PTTL", "lease:{shop:x}")).isGreaterThan(60_000);
  }

  @Test
  void put_ofALeaseWithoutAToken_mustSayWhich() {
    assertProblem(node.sendJson("PUT", LEASE, "{}"), 428, "precondition-required");
  }

  @Test
  void put_ofALeaseThatIsLost_saysSo() {
    assertProblem(node.sendJson("PUT", LEASE, "{}", "If-Match", "\"other\""), 412, "lease-lost");
  }

  @Test
  void put_ofAResultWithALostToken_changesNothing() {
    token();

    assertProblem(put("made", "other"), 412, "lease-lost");
    assertThat(redis.run("EXISTS", "shop:x")).isEqualTo("0");
  }

  @Test
  void put_ofAResultWithoutAToken_isThere() {
    assertThat(node.send("PUT", RESULT, "é / ü").statusCode()).isEqualTo(204);

    assertThat(redis.run("GET", "shop:x")).isEqualTo("é / ü");
    assertThat(node.get(RESULT).body()).isEqualTo("é / ü");
    assertThat(node.get("/v1/cache/shop/x").body())
        .isEqualTo(
            "{\"computation\":\"shop\",\"input\":\"x\",\"result\":\"é / ü\",\"source\":\"cache\"}");
  }

  @Test
  void put_ofAMegabyte_isThereAndOfMoreIsRefused() {
    assertThat(node.send("PUT", RESULT, "a".repeat(1 << 20)).statusCode()).isEqualTo(204);
    assertThat(node.get(RESULT).body()).hasSize(1 << 20);

    assertProblem(node.send("PUT", RESULT, "a".repeat((1 << 20) + 1)), 413, "body-too-large");
  }

  @Test
  void put_ofWhatIsNotUtf8_isMalformed() {
    HttpResponse<String> refused = node.sendJson("PUT", RESULT, new byte[] {(byte) 0xff});

    assertProblem(refused, 400, "malformed");
    assertThat(redis.run("EXISTS", "shop:x")).isEqualTo("0");
  }

  @Test
  void put_ofNothing_isAnEmptyResult() {
    assertThat(node.send("PUT", RESULT, NO_BODY).statusCode()).isEqualTo(204);

    HttpResponse<String> result = node.get(RESULT);
    assertThat(result.statusCode()).isEqualTo(200);
    assertThat(result.body()).isEmpty();
  }

  @Test
  void delete_withTheToken_givesItToTheNextOne() {
    String token = token();
    CompletableFuture<HttpResponse<String>> waiting = waiting();

    assertThat(release("", token).statusCode()).isEqualTo(204);

    assertThat(waiting.join().statusCode()).isEqualTo(201);
  }

  @Test
  void delete_sinceThereIsNone_tellsThatForAsLongAsItSays() {
    String token = token();

    assertThat(
            release("?reason=not-found&detail=sold%20out%20%C3%A9&retry_after=20", token)
                .statusCode())
        .isEqualTo(204);

    HttpResponse<String> told = take("{\"wait_ms\":1000}");
    assertProblem(told, 404, "no-such-result");
    assertThat(told.body()).contains("sold out é");
    assertThat(header(told, "retry-after")).isEqualTo("20");
  }

  @Test
  void delete_toBeTriedLater_tellsThat() {
    release("?reason=try-later&retry_after=3", token());

    HttpResponse<String> told = take("{}");
    assertProblem(told, 503, "try-later");
    assertThat(header(told, "retry-after")).isEqualTo("3");
  }

  @ParameterizedTest
  @CsvSource({
    "?reason=none, query reason",
    "?retry_after=-1, query retry_after",
    "?retry_after=3601, query retry_after",
    "?retry_after=x, query retry_after"
  })
  void delete_withFaults_namesThemAndKeepsTheLease(String query, String place) {
    HttpResponse<String> refused = release(query, token());

    assertProblem(refused, 422, "invalid");
    assertThat(faultsOf(refused)).containsExactly(place);
    assertThat(redis.run("EXISTS", "lease:{shop:x}")).isEqualTo("1");
  }

  @Test
  void get_whenNobodyHasMadeIt_isNoSuchResult() {
    assertProblem(node.get(RESULT), 404, "no-such-result");
  }

  @Test
  void get_ofAComputationOfTheProgram_isTheBareResult() {
    HttpResponse<String> result = node.get("/v1/results/fib/10");

    assertThat(result.body()).isEqualTo("55");
    assertThat(header(result, "content-type")).isEqualTo("text/plain");
  }

  @Test
  void get_ofWhatTheCallerHas_isNotModified() {
    node.send("PUT", RESULT, "made");
    String tag = header(node.get(RESULT), "etag");

    assertThat(node.get(RESULT, "If-None-Match", tag).statusCode()).isEqualTo(304);
  }

  @Test
  void result_ofAnyName_isFoundUnderIt() {
    for (String name : new String[] {"a%2Fb", "%3Fx=1", "%23", "a%20b", "%C3%A9", "a%7D", "%7B"}) {
      String path = "/v1/results/shop/" + name;
      assertThat(node.send("PUT", path, name).statusCode()).isEqualTo(204);
      assertThat(node.get(path).body()).isEqualTo(name);
      String lease = "/v1/leases/shop/" + name;
      assertThat(node.sendJson("POST", lease, "{}").statusCode()).isEqualTo(200);
    }
    assertThat(redis.run("GET", "shop:a/b")).isEqualTo("a%2Fb");
    assertThat(redis.run("GET", "shop:é")).isEqualTo("%C3%A9");
  }
}
