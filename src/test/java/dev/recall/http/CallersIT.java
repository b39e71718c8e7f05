package dev.recall.http;

import static dev.recall.testing.ProblemAssertions.assertProblem;
import static dev.recall.testing.RunningNode.header;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.recall.config.BadSettings;
import dev.recall.redis.bundled.SharedRedis;
import dev.recall.testing.Node;
import dev.recall.testing.RunningNode;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may call, and for what: a node whose callers need tokens, and nodes whose callers do not. */
class CallersIT extends RunningNode {

  private static final String READER = "reader-0123456789";
  private static final String WRITER = "writer-0123456789";
  private static final String BOTH = "both-0123456789+/=!~";
  private static final String ADMIN = "admin-0123456789";
  private static final Map<String, List<String>> ALLOWED =
      Map.of(
          "read", List.of(READER, BOTH, ADMIN),
          "write", List.of(WRITER, BOTH, ADMIN),
          "admin", List.of(ADMIN));

  CallersIT() {
    super(
        "http.tokens.reader.secret=" + READER,
        "http.tokens.reader.scopes=read",
        "http.tokens.writer.secret=" + hashed(WRITER),
        "http.tokens.writer.scopes=write",
        "http.tokens.both.secret=" + BOTH,
        "http.tokens.both.scopes=read write",
        "http.tokens.admin.secret=" + hashed(ADMIN),
        "http.tokens.admin.scopes=admin");
  }

  @ParameterizedTest
  @CsvSource({
    "GET,    /redis-test,                 write",
    "GET,    /example,                    write",
    "GET,    /cache/calculate/10,         read",
    "HEAD,   /cache/calculate/10,         read",
    "GET,    /counter/k,                  write",
    "GET,    /v1/cache/fib/10,            read",
    "HEAD,   /v1/cache/fib/10,            read",
    "DELETE, /v1/cache/fib/10,            admin",
    "POST,   /v1/cache/fib,               read",
    "DELETE, /v1/cache/fib,               admin",
    "GET,    /v1/computations,            read",
    "HEAD,   /v1/computations,            read",
    "GET,    /v1/counters/k,              read",
    "HEAD,   /v1/counters/k,              read",
    "POST,   /v1/counters/k,              write",
    "DELETE, /v1/counters/k,              write",
    "POST,   /v1/state/config,            write",
    "GET,    /v1/state/config/k,          read",
    "HEAD,   /v1/state/config/k,          read",
    "PUT,    /v1/state/config/k,          write",
    "DELETE, /v1/state/config/k,          write",
    "POST,   /v1/state/config/k/rotate,   write",
    "POST,   /v1/locks/k,                 write",
    "PUT,    /v1/locks/k,                 write",
    "DELETE, /v1/locks/k,                 admin",
    "POST,   /v1/rate-limits/none/k,       write"
  })
  void route_always_needsItsScope(String verb, String path, String scope) {
    for (String secret : List.of(READER, WRITER, BOTH, ADMIN)) {
      HttpResponse<String> answer = node.send(verb, path, "", "Authorization", "Bearer " + secret);
      if (ALLOWED.getOrDefault(scope, List.of()).contains(secret)) {
        assertThat(answer.statusCode()).as(secret).isNotIn(401, 403).isLessThan(500);
      } else {
        assertThat(answer.statusCode()).as(secret).isEqualTo(403);
      }
    }
    assertThat(node.send(verb, path, "").statusCode()).isEqualTo(401);
  }

  @Test
  void request_withoutAToken_is401AndChangesNothing() {
    HttpResponse<String> answer = node.get("/counter/k");

    assertProblem(answer, 401, "unauthorized");
    assertThat(header(answer, "www-authenticate")).isEqualTo("Bearer");
    assertThat(redis.number("DBSIZE")).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Bearer",
        "Bearer ",
        "Bearer unknown-0123456789",
        "Bearer reader-012345678",
        "Bearer reader-01234567890",
        "Bearer READER-0123456789",
        "Bearer reader-0123456789 x",
        "Bearer reader",
        "reader-0123456789",
        "Bearerreader-0123456789",
        "Basic cmVhZGVyOnJlYWRlci0wMTIzNDU2Nzg5",
        "Token reader-0123456789"
      })
  void request_whenTheTokenIsNotKnown_is401(String authorization) {
    HttpResponse<String> answer = node.get("/v1/counters/k", "Authorization", authorization);

    assertProblem(answer, 401, "unauthorized");
    assertThat(header(answer, "www-authenticate")).isEqualTo("Bearer");
    assertThat(answer.body()).doesNotContain("0123456");
  }

  @Test
  void request_whenTheHashOfTheSecretIsGiven_is401() {
    String hash = hashed(WRITER);

    assertProblem(get("/counter/k", hash), 401, "unauthorized");
    assertProblem(get("/counter/k", hash.substring("sha256:".length())), 401, "unauthorized");
  }

  @ParameterizedTest
  @ValueSource(strings = {"bearer ", "BEARER ", "Bearer  "})
  void request_whenTheSchemeIsWrittenOtherwise_isAnswered(String scheme) {
    assertThat(node.get("/v1/counters/k", "Authorization", scheme + READER).statusCode())
        .isEqualTo(200);
  }

  @Test
  void request_whenTheScopeIsMissing_is403ThatNamesIt() {
    HttpResponse<String> answer = get("/counter/k", READER);

    assertProblem(answer, 403, "forbidden");
    assertThat(new JsonObject(answer.body()).getString("detail")).contains("write");
    assertThat(redis.number("DBSIZE")).isZero();
  }

  @Test
  void lock_withItsToken_isReleasedByAWriterAndBrokenByAnAdminAlone() {
    String first = new JsonObject(send("POST", "/v1/locks/k", WRITER).body()).getString("token");
    assertProblem(send("DELETE", "/v1/locks/k", WRITER), 403, "forbidden");
    assertProblem(send("DELETE", "/v1/locks/k", BOTH), 403, "forbidden");
    assertThat(redis.number("EXISTS", "lock:k")).isOne();

    assertThat(send("DELETE", "/v1/locks/k", WRITER, "If-Match", "\"" + first + "\"").statusCode())
        .isEqualTo(204);
    send("POST", "/v1/locks/k", WRITER);
    assertThat(send("DELETE", "/v1/locks/k", ADMIN).statusCode()).isEqualTo(204);
    assertThat(redis.number("EXISTS", "lock:k")).isZero();
  }

  @Test
  void cache_whenAWriterDeletes_isLeft() {
    get("/cache/calculate/10", READER);

    assertProblem(send("DELETE", "/v1/cache/fib", BOTH), 403, "forbidden");
    assertProblem(send("DELETE", "/v1/cache/fib/10", BOTH), 403, "forbidden");

    assertThat(redis.run("GET", "fib:10")).isEqualTo("55");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/metrics", "/health/live", "/health/ready"})
  void management_always_answersWithoutAToken(String path) {
    assertThat(node.manage(path).statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "localhost", "127.0.0.2"})
  void node_withoutTokensOnLoopback_starts(String host) {
    try (Node open = Node.started("http.host=" + host, "redis.url=" + SharedRedis.url())) {
      assertThat(open.httpPort()).isPositive();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.1"})
  void node_withoutTokensOnAnyOtherAddress_refusesToStart(String host) {
    assertThatExceptionOfType(BadSettings.class)
        .isThrownBy(() -> Node.prepared("http.host=" + host, "redis.url=" + SharedRedis.url()))
        .satisfies(
            refusal ->
                assertThat(refusal.faults())
                    .singleElement()
                    .asString()
                    .startsWith("http")
                    .contains("allow-anonymous"));
  }

  @Test
  void node_withoutTokensWhereThatIsAllowed_servesAnyAddress() {
    try (Node open =
        Node.started(
            "http.host=0.0.0.0", "http.allow-anonymous=true", "redis.url=" + SharedRedis.url())) {
      assertThat(open.get("/counter/k").statusCode()).isEqualTo(200);
      assertThat(open.send("DELETE", "/v1/cache/fib", "").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void node_withTokensOnAnyAddress_asksForThem() {
    try (Node open =
        Node.started(
            "http.host=0.0.0.0",
            "http.tokens.reader.secret=" + READER,
            "http.tokens.reader.scopes=read",
            "redis.url=" + SharedRedis.url())) {
      assertThat(open.get("/v1/counters/k").statusCode()).isEqualTo(401);
      assertThat(open.get("/v1/counters/k", "Authorization", "Bearer " + READER).statusCode())
          .isEqualTo(200);
    }
  }

  private HttpResponse<String> get(String path, String secret) {
    return send("GET", path, secret);
  }

  private HttpResponse<String> send(String verb, String path, String secret) {
    return node.send(verb, path, "", "Authorization", "Bearer " + secret);
  }

  private HttpResponse<String> send(
      String verb, String path, String secret, String header, String value) {
    return node.send(verb, path, "", "Authorization", "Bearer " + secret, header, value);
  }

  private static String hashed(String secret) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
      return "sha256:" + HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException impossible) {
      throw new AssertionError(impossible);
    }
  }
}
