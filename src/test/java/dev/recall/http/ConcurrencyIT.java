package dev.recall.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recall.redis.RedisCli;
import dev.recall.redis.bundled.SharedRedis;
import dev.recall.testing.Node;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Many callers at once: one computation, and no visit lost. */
class ConcurrencyIT {

  private static final int CALLERS = 300;

  private Node node;
  private RedisCli redis;

  @BeforeEach
  void start() {
    redis = new RedisCli(SharedRedis.url());
    redis.run("FLUSHALL");
    node = Node.started("redis.url=" + SharedRedis.url());
  }

  @AfterEach
  void stop() {
    node.close();
    redis.close();
  }

  @Test
  void calculate_whenManyAskForAColdKey_exactlyOneComputes() {
    List<String> bodies = all("/cache/calculate/90000");

    assertThat(bodies).hasSize(CALLERS);
    assertThat(bodies).filteredOn(body -> body.endsWith("\"database\"}")).hasSize(1);
    assertThat(bodies).filteredOn(body -> body.endsWith("\"cache\"}")).hasSize(CALLERS - 1);
  }

  @Test
  void counter_whenManyVisit_everyOneGetsItsOwnNumber() {
    List<Long> visits =
        all("/counter/busy").stream()
            .map(body -> Long.valueOf(body.replaceAll("[^0-9]", "")))
            .toList();

    assertThat(visits)
        .containsExactlyInAnyOrderElementsOf(LongStream.rangeClosed(1, CALLERS).boxed().toList());
    assertThat(redis.run("GET", "counter:busy")).isEqualTo(Integer.toString(CALLERS));
  }

  private List<String> all(String path) {
    List<CompletableFuture<HttpResponse<String>>> answers =
        IntStream.range(0, CALLERS).mapToObj(caller -> node.getAsync(path)).toList();
    return answers.stream().map(CompletableFuture::join).map(HttpResponse::body).toList();
  }
}
