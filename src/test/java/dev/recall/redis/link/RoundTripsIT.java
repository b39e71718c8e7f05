package dev.recall.redis.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recall.VertxFactory;
import dev.recall.redis.ListeningProxy;
import dev.recall.redis.RedisCli;
import dev.recall.redis.Scripts;
import dev.recall.redis.bundled.RedisProcess;
import dev.recall.testing.Node;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What a caller asks of the state costs one round trip to Redis: everything for it is sent before
 * anything is answered. The proxy hears all that the node sends, and Redis has nobody else.
 */
class RoundTripsIT {

  private static final int TIMES = 20;

  /** Of a node: one for each event loop, and the feed. */
  private static final int CONNECTIONS = VertxFactory.LOOPS + 1;

  /** What the node asks without being asked. */
  private static final List<String> OF_ITSELF = List.of("PUBLISH", "PING", "INFO", "HGETALL");

  private static final List<String> SCRIPT = List.of("EVALSHA");
  private static final List<String> SCRIPT_IN_A_TRANSACTION = List.of("MULTI", "EVALSHA", "EXEC");

  private static RedisProcess server;
  private static RedisCli redis;
  private static ListeningProxy proxy;
  private static Node node;

  @BeforeAll
  static void start() {
    server = new RedisProcess();
    redis = new RedisCli(server.url());
    proxy = new ListeningProxy(server.port());
    node = newNode();
    Scripts.load(redis);
  }

  @AfterAll
  static void stop() {
    node.close();
    proxy.close();
    redis.close();
    server.close();
  }

  @BeforeEach
  void empty() {
    redis.run("FLUSHALL");
    forget();
  }

  @Test
  void add_whenAskedManyTimes_isOneScriptInOneRoundTripEach() {
    for (int i = 0; i < TIMES; i++) {
      assertThat(add("k", "{\"by\":5}").body()).endsWith("\"value\":" + 5 * (i + 1) + "}");
    }

    assertHeard(TIMES, SCRIPT_IN_A_TRANSACTION);
  }

  @Test
  void visit_whenAskedManyTimes_isOneScriptInOneRoundTripEach() {
    for (int i = 0; i < TIMES; i++) {
      node.get("/counter/k");
    }

    assertHeard(TIMES, SCRIPT_IN_A_TRANSACTION);
  }

  @Test
  void add_withAnIdempotencyKey_isStillOneScriptInOneRoundTrip() {
    add("k", "{\"by\":5}", "idempotency-key", "once");
    add("k", "{\"by\":5}", "idempotency-key", "once");

    assertHeard(2, SCRIPT_IN_A_TRANSACTION);
    assertThat(redis.run("GET", "counter:k")).isEqualTo("5");
  }

  @Test
  void getOfACounter_isOneCommandInOneRoundTrip() {
    node.get("/v1/counters/k");

    assertThat(roundTrips()).containsExactly(List.of("GET"));
  }

  @Test
  void getOfADocument_whenAskedManyTimes_isOneScriptInOneRoundTripEach() {
    create("/v1/state/session/k");
    forget();

    for (int i = 0; i < TIMES; i++) {
      assertThat(node.get("/v1/state/session/k").statusCode()).isEqualTo(200);
    }

    assertHeard(TIMES, SCRIPT);
  }

  @Test
  void putOfADocument_whenEachNamesTheVersionItReplaces_isOneScriptInOneRoundTripEach() {
    String tag = create("/v1/state/session/k");
    forget();

    for (int i = 0; i < TIMES; i++) {
      HttpResponse<String> put = put("/v1/state/session/k", "if-match", tag);
      assertThat(put.statusCode()).isEqualTo(200);
      tag = put.headers().firstValue("etag").orElseThrow();
    }

    assertHeard(TIMES, SCRIPT_IN_A_TRANSACTION);
  }

  @Test
  void putOfADocument_whenStale_isOneScriptInOneRoundTrip() {
    create("/v1/state/session/k");
    forget();

    assertThat(put("/v1/state/session/k", "if-match", "\"1\"").statusCode()).isEqualTo(412);

    assertHeard(1, SCRIPT_IN_A_TRANSACTION);
  }

  @Test
  void putOfADocument_withTheFenceOfALock_isOneScriptInOneRoundTrip() {
    acquire("l");
    forget();

    HttpResponse<String> put = put("/v1/state/config/k", "if-none-match", "*", "lock-fence", "l;1");

    assertThat(put.statusCode()).isEqualTo(201);
    assertHeard(1, SCRIPT_IN_A_TRANSACTION);
  }

  @Test
  void rotationOfADocument_isOneScriptInOneRoundTrip() {
    create("/v1/state/session/k");
    forget();

    assertThat(node.send("POST", "/v1/state/session/k/rotate", "").statusCode()).isEqualTo(201);

    assertHeard(1, SCRIPT_IN_A_TRANSACTION);
  }

  @Test
  void acquisitionOfALock_whenNobodyHasIt_isOneScriptInOneRoundTripEach() {
    for (int i = 0; i < TIMES; i++) {
      acquire("l" + i);
    }

    assertHeard(TIMES, SCRIPT_IN_A_TRANSACTION);
  }

  @Test
  void acquisitionOfALock_whenSomebodyHasIt_isOneScriptInOneRoundTrip() {
    acquire("l");
    forget();

    assertThat(node.send("POST", "/v1/locks/l", "{}", withJson()).statusCode()).isEqualTo(409);

    assertHeard(1, SCRIPT_IN_A_TRANSACTION);
  }

  @Test
  void renewalOfALock_isOneScriptInOneRoundTrip() {
    String token = acquire("l");
    forget();

    assertThat(node.send("PUT", "/v1/locks/l", "{}", withToken(token)).statusCode()).isEqualTo(200);

    assertHeard(1, SCRIPT_IN_A_TRANSACTION);
  }

  @Test
  void releaseOfALock_whenAskedManyTimes_isOneScriptInOneRoundTripEach() {
    List<String> tokens = IntStream.range(0, TIMES).mapToObj(i -> acquire("l" + i)).toList();
    forget();

    for (int i = 0; i < TIMES; i++) {
      HttpResponse<String> release =
          node.send("DELETE", "/v1/locks/l" + i, "", withToken(tokens.get(i)));
      assertThat(release.statusCode()).isEqualTo(204);
    }

    assertHeard(TIMES, SCRIPT_IN_A_TRANSACTION);
  }

  @Test
  void add_whenRedisHasForgottenItsScripts_isHeardToTakeTwo() {
    redis.run("SCRIPT", "FLUSH");
    forget();
    try {
      assertThat(add("k", "{}").statusCode()).isEqualTo(200);

      assertThat(roundTrips())
          .containsExactly(SCRIPT_IN_A_TRANSACTION, List.of("MULTI", "EVAL", "EXEC"));
    } finally {
      Scripts.load(redis);
    }
  }

  private static Node newNode() {
    Node started = Node.started("redis.url=" + proxy.url());
    // One that is made late would be heard in the midst of a test.
    await().untilAsserted(() -> assertThat(proxy.connections()).isEqualTo(CONNECTIONS));
    return started;
  }

  private static void forget() {
    proxy.forget();
    redis.run("CONFIG", "RESETSTAT");
  }

  /** That there were so many round trips, all alike, and Redis has run one script for each. */
  private static void assertHeard(int times, List<String> roundTrip) {
    assertThat(roundTrips()).isEqualTo(Collections.nCopies(times, roundTrip));
    assertThat(calls("evalsha")).isEqualTo(times);
    assertThat(calls("eval")).isZero();
  }

  /**
   * The commands of each round trip of the node, but for those in which it does nothing but prove
   * its connections and its feed, or look how Redis is set up, whatever is asked.
   */
  private static List<List<String>> roundTrips() {
    return proxy.heard().stream()
        .map(sent -> sent.names().stream().filter(name -> !OF_ITSELF.contains(name)).toList())
        .filter(names -> !names.isEmpty())
        .toList();
  }

  /** How often Redis was asked for a command, or a script asked it. */
  private static long calls(String command) {
    Matcher calls =
        Pattern.compile("cmdstat_" + command + ":calls=(\\d+)")
            .matcher(redis.run("INFO", "commandstats"));
    return calls.find() ? Long.parseLong(calls.group(1)) : 0;
  }

  private static HttpResponse<String> add(String id, String body, String... headers) {
    return node.send("POST", "/v1/counters/" + id, body, withJson(headers));
  }

  private static HttpResponse<String> put(String path, String... headers) {
    return node.send("PUT", path, "{\"a\":1}", withJson(headers));
  }

  /** The tag of a new document. */
  private static String create(String path) {
    HttpResponse<String> created = put(path, "if-none-match", "*");
    assertThat(created.statusCode()).isEqualTo(201);
    return created.headers().firstValue("etag").orElseThrow();
  }

  /** The token of a lock that nobody had. */
  private static String acquire(String name) {
    HttpResponse<String> acquired = node.send("POST", "/v1/locks/" + name, "{}", withJson());
    assertThat(acquired.statusCode()).isEqualTo(201);
    return new JsonObject(acquired.body()).getString("token");
  }

  private static String[] withToken(String token) {
    return withJson("if-match", "\"" + token + "\"");
  }

  private static String[] withJson(String... headers) {
    return Stream.concat(Stream.of("content-type", "application/json"), Stream.of(headers))
        .toArray(String[]::new);
  }
}
