package dev.recall.http;

import static dev.recall.testing.ProblemAssertions.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.recall.testing.RunningNode;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Documents under {@code /v1/state}: their verbs, conditions and bytes. */
class DocumentRoutesIT extends RunningNode {

  private static final String DOCUMENT = "/v1/state/config/k";

  @Test
  void put_whenThereIsNone_createsIt() {
    HttpResponse<String> answer = create(DOCUMENT, "{\"a\":1}");

    assertThat(answer.statusCode()).isEqualTo(201);
    assertThat(header(answer, "content-type")).isEqualTo("application/json");
    assertThat(header(answer, "etag")).matches("\"[1-9][0-9]{15}\"");
    assertThat(answer.body())
        .isEqualTo("{\"namespace\":\"config\",\"key\":\"k\",\"version\":" + version(answer) + "}");
  }

  @Test
  void get_whenThereIsOne_answersTheDocumentItself() {
    HttpResponse<String> created = create(DOCUMENT, "{\"a\":1}");

    HttpResponse<String> answer = node.get(DOCUMENT);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("{\"a\":1}");
    assertThat(header(answer, "content-type")).isEqualTo("application/json");
    assertThat(header(answer, "etag")).isEqualTo(header(created, "etag"));
    assertThat(header(answer, "cache-control")).isEqualTo("private, no-cache");
  }

  @Test
  void head_always_answersTheHeadersOfGet() {
    create(DOCUMENT, "{\"a\":\"é\"}");
    HttpResponse<String> get = node.get(DOCUMENT);

    HttpResponse<String> head = node.send("HEAD", DOCUMENT, "");

    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
    for (String name : List.of("etag", "content-length", "content-type", "cache-control")) {
      assertThat(header(head, name)).isEqualTo(header(get, name));
    }
  }

  @Test
  void get_whenThereIsNone_is404() {
    assertProblem(node.get(DOCUMENT), 404, "no-such-document");
    assertThat(node.send("HEAD", DOCUMENT, "").statusCode()).isEqualTo(404);
  }

  @Test
  void put_whenTheVersionIsTheLast_replacesItByTheNext() {
    long version = version(create(DOCUMENT, "1"));

    HttpResponse<String> answer = put(DOCUMENT, "2", "If-Match", "\"" + version + "\"");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(version(answer)).isEqualTo(version + 1);
    assertThat(header(answer, "etag")).isEqualTo("\"" + (version + 1) + "\"");
    assertThat(node.get(DOCUMENT).body()).isEqualTo("2");
  }

  @Test
  void put_whenTheVersionIsStale_is412AndChangesNothing() {
    String first = header(create(DOCUMENT, "1"), "etag");
    put(DOCUMENT, "2", "If-Match", first);

    assertProblem(put(DOCUMENT, "3", "If-Match", first), 412, "stale-version");
    assertThat(node.get(DOCUMENT).body()).isEqualTo("2");
  }

  @Test
  void put_whenThereIsOneAlready_isNotCreatedAnew() {
    create(DOCUMENT, "1");

    assertProblem(create(DOCUMENT, "2"), 412, "stale-version");
    assertThat(node.get(DOCUMENT).body()).isEqualTo("1");
  }

  @Test
  void put_whenThereIsNoneToReplace_is412() {
    assertProblem(put(DOCUMENT, "1", "If-Match", "\"1\""), 412, "stale-version");
    assertThat(redis.number("DBSIZE")).isZero();
  }

  @Test
  void put_withoutACondition_is428AndChangesNothing() {
    create(DOCUMENT, "1");

    assertProblem(put(DOCUMENT, "2"), 428, "precondition-required");
    assertThat(node.get(DOCUMENT).body()).isEqualTo("1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "7",
        "*",
        "W/\"7\"",
        "\"7\", \"8\"",
        "\"x\"",
        "\"\"",
        "\"-1\"",
        "\"+1\"",
        "\"1.5\"",
        "\"7",
        "\" 7\"",
        "\"9223372036854775808\"",
        "'7'"
      })
  void ifMatch_whenItIsNotOneVersionInQuotes_is400(String condition) {
    create(DOCUMENT, "1");

    for (String verb : List.of("PUT", "DELETE")) {
      assertProblem(node.sendJson(verb, DOCUMENT, "2", "If-Match", condition), 400, "malformed");
    }
    assertProblem(
        node.send("POST", DOCUMENT + "/rotate", "", "If-Match", condition), 400, "malformed");
    assertThat(node.get(DOCUMENT).body()).isEqualTo("1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"7\"", "W/\"7\"", "\"*\"", "**"})
  void put_whenIfNoneMatchIsNoAsterisk_is400(String condition) {
    assertProblem(put(DOCUMENT, "1", "If-None-Match", condition), 400, "malformed");
    assertThat(redis.number("DBSIZE")).isZero();
  }

  @Test
  void put_withBothConditions_is400() {
    String tag = header(create(DOCUMENT, "1"), "etag");

    assertProblem(put(DOCUMENT, "2", "If-Match", tag, "If-None-Match", "*"), 400, "malformed");
    assertThat(node.get(DOCUMENT).body()).isEqualTo("1");
  }

  @Test
  void get_whenTheCallerHasTheVersion_is304WithoutABody() {
    String tag = header(create(DOCUMENT, "1"), "etag");

    for (String known : List.of(tag, "W/" + tag, "\"other\", " + tag, "\"a\",W/" + tag, "*")) {
      HttpResponse<String> answer = node.get(DOCUMENT, "If-None-Match", known);
      assertThat(answer.statusCode()).isEqualTo(304);
      assertThat(answer.body()).isEmpty();
      assertThat(header(answer, "etag")).isEqualTo(tag);
      assertThat(header(answer, "cache-control")).isEqualTo("private, no-cache");
    }
    assertThat(node.get(DOCUMENT, "If-None-Match", "\"a\"", "If-None-Match", tag).statusCode())
        .isEqualTo(304);
    assertThat(node.send("HEAD", DOCUMENT, "", "If-None-Match", tag).statusCode()).isEqualTo(304);
  }

  @Test
  void get_whenTheCallerHasAnotherVersion_is200() {
    String tag = header(create(DOCUMENT, "1"), "etag");
    put(DOCUMENT, "2", "If-Match", tag);

    assertThat(node.get(DOCUMENT, "If-None-Match", tag + ", \"7\"").body()).isEqualTo("2");
  }

  @Test
  void delete_whetherThereIsADocumentOrNot_is204() {
    create(DOCUMENT, "1");

    HttpResponse<String> answer = node.send("DELETE", DOCUMENT, "");

    assertThat(answer.statusCode()).isEqualTo(204);
    assertThat(answer.body()).isEmpty();
    assertProblem(node.get(DOCUMENT), 404, "no-such-document");
    assertThat(node.send("DELETE", DOCUMENT, "").statusCode()).isEqualTo(204);
  }

  @Test
  void delete_whenTheVersionIsStale_is412AndLeavesIt() {
    String first = header(create(DOCUMENT, "1"), "etag");
    String second = header(put(DOCUMENT, "2", "If-Match", first), "etag");

    assertProblem(node.send("DELETE", DOCUMENT, "", "If-Match", first), 412, "stale-version");
    assertThat(node.get(DOCUMENT).body()).isEqualTo("2");
    assertThat(node.send("DELETE", DOCUMENT, "", "If-Match", second).statusCode()).isEqualTo(204);
    assertProblem(node.send("DELETE", DOCUMENT, "", "If-Match", second), 412, "stale-version");
  }

  @Test
  void put_afterDelete_hasAHigherVersionThanBefore() {
    String tag = header(create(DOCUMENT, "1"), "etag");
    long last = version(put(DOCUMENT, "2", "If-Match", tag));
    node.send("DELETE", DOCUMENT, "");

    assertProblem(put(DOCUMENT, "3", "If-Match", "\"" + last + "\""), 412, "stale-version");
    assertThat(version(create(DOCUMENT, "3"))).isGreaterThan(last);
  }

  @Test
  void post_always_createsUnderAKeyNobodyCanGuess() {
    HttpResponse<String> answer = node.sendJson("POST", "/v1/state/session", "{\"user\":7}");
    HttpResponse<String> other = node.sendJson("POST", "/v1/state/session", "{\"user\":7}");

    assertThat(answer.statusCode()).isEqualTo(201);
    assertThat(header(answer, "location")).matches("/v1/state/session/[A-Za-z0-9_-]{43}");
    assertThat(header(answer, "location")).isNotEqualTo(header(other, "location"));
    HttpResponse<String> found = node.get(header(answer, "location"));
    assertThat(found.body()).isEqualTo("{\"user\":7}");
    assertThat(header(found, "etag")).isEqualTo(header(answer, "etag"));
  }

  @Test
  void rotate_always_movesTheDocumentToANewKey() {
    HttpResponse<String> created = node.sendJson("POST", "/v1/state/session", "{\"user\": 7}");
    String old = header(created, "location");

    HttpResponse<String> answer = node.send("POST", old + "/rotate", "");

    assertThat(answer.statusCode()).isEqualTo(201);
    assertThat(header(answer, "location")).matches("/v1/state/session/[A-Za-z0-9_-]{43}");
    assertThat(version(answer)).isEqualTo(version(created) + 1);
    HttpResponse<String> found = node.get(header(answer, "location"));
    assertThat(found.body()).isEqualTo("{\"user\": 7}");
    assertThat(header(found, "etag")).isEqualTo(header(answer, "etag"));
    assertProblem(node.get(old), 404, "no-such-document");
    assertProblem(create(old, "{}"), 412, "stale-version");
  }

  @Test
  void rotate_whenTheVersionIsStale_is412AndMovesNothing() {
    String old = header(node.sendJson("POST", "/v1/state/session", "1"), "location");

    assertProblem(
        node.send("POST", old + "/rotate", "", "If-Match", "\"7\""), 412, "stale-version");
    assertThat(node.get(old).body()).isEqualTo("1");
    assertThat(redis.number("DBSIZE")).isOne();
  }

  @Test
  void rotate_whenThereIsNone_is404() {
    assertProblem(node.send("POST", DOCUMENT + "/rotate", ""), 404, "no-such-document");
  }

  @Test
  void rotate_ofAKeyThatIsEscaped_movesThatOne() {
    create("/v1/state/config/a%2Fb%C3%A9", "1");

    HttpResponse<String> answer = node.send("POST", "/v1/state/config/a%2Fb%C3%A9/rotate", "");

    assertThat(node.get(header(answer, "location")).body()).isEqualTo("1");
    assertThat(redis.number("EXISTS", "state:config:a/bé")).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        " { \"b\" : 1.10 , \"a\" : 1e400 } \n",
        "{\"a\":1,\"a\":2}",
        "123456789012345678901234567890.123456789012345678901234567890",
        "-0",
        "1E+2",
        "\"é€😀\\u00e9\\/\\ud83d\"",
        "\t[ ]\r\n",
        "\"a\"",
        "0",
        "true",
        "null",
        "\"\""
      })
  void document_whateverItIs_keepsItsBytes(String document) {
    assertThat(create(DOCUMENT, document).statusCode()).isEqualTo(201);

    assertThat(node.get(DOCUMENT).body()).isEqualTo(document);
    assertThat(redis.run("HGET", "state:config:k", "text")).isEqualTo(document);
  }

  @Test
  void put_whenTheDocumentHas64KiB_isAcceptedAndNotOneByteMore() {
    String longest = "\"" + "é".repeat(32_767) + "\"";

    assertThat(create(DOCUMENT, longest).statusCode()).isEqualTo(201);
    assertThat(node.get(DOCUMENT).body()).isEqualTo(longest);
    assertProblem(create("/v1/state/config/other", longest + " "), 413, "body-too-large");
    assertThat(redis.number("DBSIZE")).isOne();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"a\":1,        | line: 1, column:",
        "{\"a\":x}        | line: 1, column: 6",
        "{} {}            | line: 1, column:",
        "[1,]             | line: 1, column: 4",
        "01               | line: 1, column:",
        "NaN              | line: 1, column:",
        "'a'              | line: 1, column: 1",
        "// a             | line: 1, column: 1"
      })
  void put_whenTheDocumentIsNoJson_is400WithThePlace(String document, String place) {
    HttpResponse<String> answer = create(DOCUMENT, document);

    assertProblem(answer, 400, "malformed");
    assertThat(answer.body()).contains(place);
    assertProblem(node.sendJson("POST", "/v1/state/config", document), 400, "malformed");
    assertThat(redis.number("DBSIZE")).isZero();
  }

  @Test
  void put_whenTheFaultIsOnALaterLine_tellsTheLine() {
    assertThat(create(DOCUMENT, "{\n  \"a\": 1,\n  b}").body()).contains("line: 3, column: 3");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\n"})
  void put_whenThereIsNoDocument_is400(String nothing) {
    assertProblem(create(DOCUMENT, nothing), 400, "malformed");
    assertThat(redis.number("DBSIZE")).isZero();
  }

  @Test
  void put_whenTheBodyIsNotUtf8_is400() {
    for (byte[] bytes :
        List.of(new byte[] {'"', (byte) 0xFF, '"'}, new byte[] {'"', (byte) 0xC3, '"'})) {
      assertProblem(node.sendJson("PUT", DOCUMENT, bytes, "If-None-Match", "*"), 400, "malformed");
    }
    assertThat(redis.number("DBSIZE")).isZero();
  }

  @Test
  void put_whenTheBodyIsNotSaidToBeJson_is415() {
    assertProblem(
        node.send("PUT", DOCUMENT, "{}", "If-None-Match", "*"), 415, "unsupported-media-type");
    assertProblem(
        node.send("POST", "/v1/state/config", "{}", "Content-Type", "text/plain"),
        415,
        "unsupported-media-type");
    assertThat(redis.number("DBSIZE")).isZero();
  }

  @Test
  void document_inAnUnknownNamespace_is404ForEveryVerb() {
    String document = "/v1/state/none/k";

    Stream.of(
            node.get(document),
            create(document, "{}"),
            put(document, "{}", "If-Match", "\"1\""),
            node.send("DELETE", document, ""),
            node.sendJson("POST", "/v1/state/none", "{}"),
            node.send("POST", document + "/rotate", ""))
        .forEach(answer -> assertProblem(answer, 404, "no-such-namespace"));
    assertThat(node.send("HEAD", document, "").statusCode()).isEqualTo(404);
    assertThat(redis.number("DBSIZE")).isZero();
  }

  @ParameterizedTest
  @MethodSource("dev.recall.http.UnusualNames#all")
  void document_whenItsKeyIsUnusual_keepsItsOwnKey(String key) {
    String path =
        "/v1/state/config/" + URLEncoder.encode(key, StandardCharsets.UTF_8).replace("+", "%20");

    assertThat(new JsonObject(create(path, "1").body()).getString("key")).isEqualTo(key);
    assertThat(redis.run("KEYS", "*")).isEqualTo("[state:config:" + key + "]");
    assertThat(node.get(path).body()).isEqualTo("1");
  }

  @Test
  void document_whenItsKeyHas256Bytes_isAcceptedAndNotOneMore() {
    String longest = "/v1/state/config/" + "%C3%A9".repeat(128);

    assertThat(create(longest, "1").statusCode()).isEqualTo(201);
    assertProblem(create(longest + "a", "1"), 422, "invalid");
  }

  @ParameterizedTest
  @ValueSource(strings = {"%00", "a%0Ab", "%7F", "%C2%85", "%FF", "%ED%A0%80", "%C0%AF"})
  void document_whenItsKeyIsNone_is422ThatNamesIt(String key) {
    String path = "/v1/state/config/" + key;

    for (HttpResponse<String> answer :
        List.of(
            node.get(path),
            create(path, "1"),
            node.send("DELETE", path, ""),
            node.send("POST", path + "/rotate", ""))) {
      assertProblem(answer, 422, "invalid");
      assertThat(faultsOf(answer)).containsExactly("path key");
    }
    assertThat(redis.number("DBSIZE")).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "PATCH, /v1/state/config/k, 'GET, HEAD, PUT, DELETE'",
    "POST, /v1/state/config/k, 'GET, HEAD, PUT, DELETE'",
    "GET, /v1/state/config, POST",
    "PUT, /v1/state/config, POST",
    "GET, /v1/state/config/k/rotate, POST"
  })
  void document_whenTheVerbIsAnother_is405WithAllow(String verb, String path, String allowed) {
    HttpResponse<String> answer = node.sendJson(verb, path, "{}", "If-None-Match", "*");

    assertProblem(answer, 405, "method-not-allowed");
    assertThat(header(answer, "allow")).isEqualTo(allowed);
  }

  @Test
  void document_whenAnotherProgramKeepsSomethingThere_is409AndLeft() {
    redis.run("SET", "state:config:k", "text");
    redis.run("HSET", "state:config:l", "text", "{}");
    redis.run("HSET", "state:config:m", "text", "no json", "version", "1", "created", "1");

    assertProblem(node.get(DOCUMENT), 409, "wrong-type");
    assertProblem(create(DOCUMENT, "{}"), 409, "wrong-type");
    assertProblem(node.get("/v1/state/config/l"), 409, "corrupt-document");
    assertProblem(create("/v1/state/config/l", "{}"), 409, "corrupt-document");
    assertProblem(node.get("/v1/state/config/m"), 409, "corrupt-document");
    assertThat(redis.run("GET", "state:config:k")).isEqualTo("text");
  }

  @Test
  void put_whenAConditionStandsTwice_is400() {
    String tag = header(create(DOCUMENT, "1"), "etag");

    assertProblem(put(DOCUMENT, "2", "If-Match", tag, "If-Match", "\"7\""), 400, "malformed");
    assertProblem(
        put("/v1/state/config/l", "2", "If-None-Match", "*", "If-None-Match", "\"7\""),
        400,
        "malformed");
    assertThat(node.get(DOCUMENT).body()).isEqualTo("1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/rotate/", "/rotate/.", "/rotate/rotate/..", "//rotate", "/./rotate"})
  void rotate_whenThePathIsNotInItsPlainForm_movesNoOtherDocument(String end) {
    create("/v1/state/config/rotate", "1");
    create("/v1/state/config/k", "2");

    node.send("POST", "/v1/state/config/k" + end, "");

    assertThat(node.get("/v1/state/config/rotate").body()).isEqualTo("1");
  }

  @Test
  void put_inAnUnknownNamespace_is404BeforeAllElse() {
    String document = "/v1/state/none/k";

    assertProblem(put(document, "{}"), 404, "no-such-namespace");
    assertProblem(put(document, "{", "If-Match", "7"), 404, "no-such-namespace");
    assertProblem(node.send("DELETE", document, "", "If-Match", "7"), 404, "no-such-namespace");
    assertProblem(node.send("POST", "/v1/state/none", ""), 404, "no-such-namespace");
  }

  @Test
  void put_whenTheDocumentIsNestedDeeperThanParsersGo_isInvalid() {
    assertProblem(create(DOCUMENT, "[".repeat(1_001) + "]".repeat(1_001)), 422, "invalid");
  }

  @Test
  void put_whenTheDocumentIsLargerThanParsersLike_isAcceptedAllTheSame() {
    for (String large :
        List.of(
            "1".repeat(1_001),
            "0." + "1".repeat(60_000),
            "[".repeat(1_000) + "]".repeat(1_000),
            "{\"" + "n".repeat(60_000) + "\":1}")) {
      assertThat(create(DOCUMENT, large).statusCode()).isEqualTo(201);
      assertThat(node.get(DOCUMENT).body()).isEqualTo(large);
      node.send("DELETE", DOCUMENT, "");
    }
  }

  private HttpResponse<String> create(String path, String document) {
    return put(path, document, "If-None-Match", "*");
  }

  private HttpResponse<String> put(String path, String document, String... headers) {
    return node.sendJson("PUT", path, document, headers);
  }

  private static long version(HttpResponse<String> answer) {
    return new JsonObject(answer.body()).getLong("version");
  }
}
