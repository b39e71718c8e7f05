package dev.recall.http;

import static dev.recall.testing.ProblemAssertions.assertProblem;
import static dev.recall.testing.RunningNode.header;
import static org.assertj.core.api.Assertions.assertThat;

import dev.recall.redis.RedisCli;
import dev.recall.redis.bundled.RedisProcess;
import dev.recall.redis.bundled.SharedRedis;
import dev.recall.testing.Node;
import dev.recall.testing.RunningNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Groups of routes that each caller may use only so often. */
class RateLimitIT extends RunningNode {

  /** What is taken comes back after half an hour: no test sees it. */
  private static final String[] SLOW = {
    "rate-limits.slow.limit=2/hour burst 3", "rate-limits.slow.groups=counters cache"
  };

  private static final String ADDRESS = "rate:slow:address:127.0.0.1";

  RateLimitIT() {
    super(SLOW);
  }

  @Test
  void request_withinTheLimit_isAnsweredWithWhatIsLeft() {
    HttpResponse<String> first = node.get("/v1/counters/k");
    HttpResponse<String> second = node.get("/counter/k");

    assertThat(first.statusCode()).isEqualTo(200);
    assertThat(header(first, "ratelimit-policy")).isEqualTo("\"slow\";q=2;w=3600");
    assertThat(header(first, "ratelimit")).isEqualTo("\"slow\";r=2;t=1800");
    assertThat(header(second, "ratelimit")).matches("\"slow\";r=1;t=3[56][0-9]{2}");
  }

  @Test
  void request_beyondTheLimit_is429ThatTellsWhenToComeBack() {
    takeAll();

    HttpResponse<String> answer = node.get("/counter/k");

    assertProblem(answer, 429, "rate-limited");
    assertThat(header(answer, "ratelimit-policy")).isEqualTo("\"slow\";q=2;w=3600");
    assertThat(header(answer, "ratelimit")).matches("\"slow\";r=0;t=5[0-9]{3}");
    assertThat(Integer.parseInt(header(answer, "retry-after"))).isBetween(1700, 1800);
    assertThat(redis.number("EXISTS", "counter:k")).isZero();
  }

  @Test
  void request_whenItIsRefusedForAnotherReason_tellsWhatIsLeftAllTheSame() {
    HttpResponse<String> answer = node.sendJson("POST", "/v1/counters/k", "[");

    assertProblem(answer, 400, "malformed");
    assertThat(header(answer, "ratelimit")).isEqualTo("\"slow\";r=2;t=1800");
  }

  @Test
  void request_beyondTheLimit_takesNothing() {
    takeAll();
    String before = redis.run("GET", ADDRESS);

    node.get("/counter/k");

    assertThat(redis.run("GET", ADDRESS)).isEqualTo(before);
    assertThat(redis.number("PTTL", ADDRESS)).isBetween(5_000_000L, 5_400_000L);
  }

  @Test
  void groups_ofOneLimit_shareIt() {
    node.get("/v1/counters/k");
    node.get("/cache/calculate/1");
    node.get("/v1/cache/fib/1");

    for (String path : List.of("/v1/computations", "/counter/k", "/v1/counters/k")) {
      assertThat(node.get(path).statusCode()).isEqualTo(429);
    }
  }

  @Test
  void groups_thatAreNotNamed_areFree() {
    takeAll();

    Stream.of(
            node.get("/example"),
            node.get("/redis-test"),
            node.sendJson("POST", "/v1/state/config", "{}"),
            node.send("POST", "/v1/locks/k", ""))
        .forEach(
            answer -> {
              assertThat(answer.statusCode()).isBetween(200, 201);
              assertThat(header(answer, "ratelimit")).isEqualTo("none");
              assertThat(header(answer, "ratelimit-policy")).isEqualTo("none");
            });
  }

  @Test
  void callers_ofOtherAddresses_haveSharesOfTheirOwn() throws IOException {
    takeAll();

    assertThat(statusFrom(1)).isEqualTo("429");
    assertThat(statusFrom(2)).isEqualTo("200");
  }

  @Test
  void callers_withTokens_haveSharesByTheirNames() {
    try (Node guarded =
        withSettings(
            "http.tokens.a.secret=a-012345678901234",
            "http.tokens.a.scopes=read",
            "http.tokens.b.secret=b-012345678901234",
            "http.tokens.b.scopes=read")) {
      takeAll();
      for (int status : List.of(200, 200, 200, 429)) {
        assertThat(statusOf(guarded, "a")).isEqualTo(status);
      }
      assertThat(statusOf(guarded, "b")).isEqualTo(200);
      assertThat(guarded.get("/v1/counters/k").statusCode()).isEqualTo(401);
      assertThat(redis.run("KEYS", "rate:*").split(","))
          .hasSize(3)
          .allMatch(key -> key.matches(".*(address:127.0.0.1|token:a|token:b)]?"));
    }
  }

  @Test
  void nodes_onOneRedis_shareTheBudget() {
    try (Node other = withSettings()) {
      assertThat(node.get("/v1/counters/k").statusCode()).isEqualTo(200);
      assertThat(other.get("/v1/counters/k").statusCode()).isEqualTo(200);
      assertThat(node.get("/v1/counters/k").statusCode()).isEqualTo(200);
      assertThat(other.get("/v1/counters/k").statusCode()).isEqualTo(429);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"LPUSH", "SADD", "APPEND"})
  void request_whenAnotherProgramKeepsSomethingThere_replacesIt(String command) {
    redis.run(command, ADDRESS, "junk");

    HttpResponse<String> answer = node.get("/v1/counters/k");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(header(answer, "ratelimit")).isEqualTo("\"slow\";r=2;t=1800");
    assertThat(redis.run("GET", ADDRESS)).matches("[0-9]{16}");
  }

  @Test
  void request_whileRedisIsAway_isLimitedByTheNodeAndThenByRedisAgain() {
    try (RedisProcess server = new RedisProcess();
        RedisCli cli = new RedisCli(server.url());
        Node alone =
            Node.started(
                Stream.concat(Stream.of("redis.url=" + server.url()), Arrays.stream(SLOW))
                    .toArray(String[]::new))) {
      assertThat(alone.get("/v1/computations").statusCode()).isEqualTo(200);
      assertThat(alone.meter("recall_rate_local_total")).isZero();

      server.kill();
      for (int status : List.of(200, 200, 200, 429)) {
        HttpResponse<String> answer = alone.get("/v1/computations");
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(header(answer, "ratelimit")).startsWith("\"slow\";r=");
      }
      assertThat(alone.meter("recall_rate_local_total")).isEqualTo(4);

      server.restart();
      Awaitility.await().until(() -> alone.get("/v1/computations").statusCode() == 200);
      double local = alone.meter("recall_rate_local_total");
      assertThat(header(alone.get("/v1/computations"), "ratelimit")).contains(";r=1;");
      assertThat(alone.meter("recall_rate_local_total")).isEqualTo(local);
      assertThat(cli.run("KEYS", "rate:*")).isEqualTo("[" + ADDRESS + "]");
    }
  }

  private void takeAll() {
    for (int i = 0; i < 3; i++) {
      assertThat(node.get("/v1/computations").statusCode()).isEqualTo(200);
    }
  }

  private static Node withSettings(String... flags) {
    return Node.started(
        Stream.of(Stream.of("redis.url=" + SharedRedis.url()), Stream.of(SLOW), Stream.of(flags))
            .flatMap(each -> each)
            .toArray(String[]::new));
  }

  private static int statusOf(Node guarded, String name) {
    return guarded
        .get("/v1/counters/k", "Authorization", "Bearer " + name + "-012345678901234")
        .statusCode();
  }

  /** The status of an answer to a caller at 127.0.0.x. */
  private String statusFrom(int x) throws IOException {
    InetAddress from = InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) x});
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), node.httpPort(), from, 0)) {
      socket.setSoTimeout(5_000);
      String request =
          "GET /v1/counters/k HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return answer.substring("HTTP/1.1 ".length()).substring(0, 3);
    }
  }
}
