package dev.recall.state;

import static dev.recall.testing.ProblemAssertions.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.recall.testing.RunningNode;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How long documents live, and how large they may be, by the rules of their namespace. */
class DocumentLifeIT extends RunningNode {

  private static final long MINUTE = 60_000;
  private static final long HOUR = 60 * MINUTE;

  DocumentLifeIT() {
    super(
        "state.namespaces.cart.ttl=2h",
        "state.namespaces.cart.sliding=true",
        "state.namespaces.cart.max-life=3h",
        "state.namespaces.cart.max-bytes=16B",
        "state.namespaces.cart.stay-deleted=false",
        "state.namespaces.stats.ttl=7m");
  }

  @ParameterizedTest
  @CsvSource({
    "session, 30",
    "profile, 43200",
    "permission, 15",
    "config, 525600",
    "stats, 7",
    "cart, 120"
  })
  void put_always_letsItLiveForTheTtlOfItsNamespace(String namespace, long minutes) {
    create(namespace, "k");

    assertThat(life(namespace, "k")).isBetween(minutes * MINUTE - MINUTE, minutes * MINUTE);
  }

  @ParameterizedTest
  @CsvSource({"session, 30", "profile, 43200", "cart, 120"})
  void get_whereReadingRenews_letsItLiveOn(String namespace, long minutes) {
    create(namespace, "k");
    redis.run("PEXPIRE", key(namespace, "k"), "50000");

    node.get(path(namespace, "k"));

    assertThat(life(namespace, "k")).isBetween(minutes * MINUTE - MINUTE, minutes * MINUTE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"permission", "config", "stats"})
  void get_whereReadingDoesNotRenew_leavesItsLife(String namespace) {
    create(namespace, "k");
    redis.run("PEXPIRE", key(namespace, "k"), "50000");

    node.get(path(namespace, "k"));

    assertThat(life(namespace, "k")).isBetween(1L, 50_000L);
  }

  @Test
  void put_whereReadingDoesNotRenew_letsItLiveOn() {
    HttpResponse<String> created = create("permission", "k");
    redis.run("PEXPIRE", key("permission", "k"), "50000");

    replace("permission", "k", created);

    assertThat(life("permission", "k")).isBetween(14 * MINUTE, 15 * MINUTE);
  }

  @Test
  void session_beforeTheEndOfItsMaxLife_isRenewedOnlyUntilThen() {
    HttpResponse<String> created = create("session", "k");
    age("session", "k", 12 * HOUR - 5 * MINUTE);

    node.get(path("session", "k"));
    assertThat(life("session", "k")).isBetween(4 * MINUTE, 5 * MINUTE);
    replace("session", "k", created);
    assertThat(life("session", "k")).isBetween(4 * MINUTE, 5 * MINUTE);
    HttpResponse<String> rotated = node.send("POST", path("session", "k") + "/rotate", "");
    String newKey = new JsonObject(rotated.body()).getString("key");
    assertThat(life("session", newKey)).isBetween(4 * MINUTE, 5 * MINUTE);
    assertThat(life("session", "k")).isBetween(4 * MINUTE, 5 * MINUTE);
  }

  @Test
  void session_pastItsMaxLife_isNotWrittenAgain() {
    HttpResponse<String> created = create("session", "k");
    age("session", "k", 12 * HOUR);

    assertProblem(replace("session", "k", created), 412, "stale-version");
  }

  @Test
  void session_whenDeleted_leavesATraceWithoutItsTextForTheRestOfItsMaxLife() {
    HttpResponse<String> created = create("session", "k");
    age("session", "k", 11 * HOUR);

    node.send("DELETE", path("session", "k"), "");

    assertThat(redis.number("HEXISTS", key("session", "k"), "text")).isZero();
    assertThat(life("session", "k")).isBetween(59 * MINUTE, 60 * MINUTE);
    assertProblem(node.get(path("session", "k")), 404, "no-such-document");
    assertProblem(create("session", "k"), 412, "stale-version");
    assertProblem(replace("session", "k", created), 412, "stale-version");
    assertThat(life("session", "k")).isBetween(58 * MINUTE, 60 * MINUTE);
  }

  @Test
  void session_whenItsTraceIsGone_canBeCreatedAgain() {
    create("session", "k");
    node.send("DELETE", path("session", "k"), "");
    redis.run("DEL", key("session", "k"));

    assertThat(create("session", "k").statusCode()).isEqualTo(201);
  }

  @ParameterizedTest
  @ValueSource(strings = {"profile", "permission", "config", "stats", "cart"})
  void document_whereNothingStaysDeleted_leavesNoTrace(String namespace) {
    create(namespace, "k");
    node.send("DELETE", path(namespace, "k"), "");
    assertThat(redis.number("DBSIZE")).isZero();
    assertThat(create(namespace, "k").statusCode()).isEqualTo(201);

    node.send("POST", path(namespace, "k") + "/rotate", "");

    assertThat(redis.number("EXISTS", key(namespace, "k"))).isZero();
  }

  @Test
  void put_whenItIsLargerThanTheNamespaceAllows_is413() {
    assertThat(put("cart", "a", "\"1234567éééé\"").statusCode()).isEqualTo(413);
    assertThat(put("cart", "b", "\"123456éééé\"").statusCode()).isEqualTo(201);
    assertProblem(put("cart", "c", "\"123456789012345\""), 413, "body-too-large");
    assertProblem(
        node.sendJson("POST", "/v1/state/cart", "\"123456789012345\""), 413, "body-too-large");
    assertThat(redis.number("DBSIZE")).isOne();
  }

  @Test
  void session_pastItsMaxLife_isNotAnsweredNorMoved() {
    create("session", "k");
    age("session", "k", 12 * HOUR);
    assertProblem(node.send("POST", path("session", "k") + "/rotate", ""), 404, "no-such-document");

    assertProblem(node.get(path("session", "k")), 404, "no-such-document");
  }

  private HttpResponse<String> create(String namespace, String key) {
    return put(namespace, key, "{}");
  }

  private HttpResponse<String> put(String namespace, String key, String document) {
    return node.sendJson("PUT", path(namespace, key), document, "If-None-Match", "*");
  }

  private HttpResponse<String> replace(String namespace, String key, HttpResponse<String> seen) {
    return node.sendJson("PUT", path(namespace, key), "1", "If-Match", header(seen, "etag"));
  }

  /** Lets a document have been created earlier. */
  private void age(String namespace, String key, long byMs) {
    long created = redis.number("HGET", key(namespace, key), "created");
    redis.run("HSET", key(namespace, key), "created", Long.toString(created - byMs));
  }

  private long life(String namespace, String key) {
    return redis.number("PTTL", key(namespace, key));
  }

  private static String key(String namespace, String key) {
    return "state:" + namespace + ":" + key;
  }

  private static String path(String namespace, String key) {
    return "/v1/state/" + namespace + "/" + key;
  }
}
