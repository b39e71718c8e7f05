package dev.recall.testing;

import dev.recall.redis.RedisCli;
import dev.recall.redis.bundled.SharedRedis;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

/** One node for all tests of a class, on the shared Redis, which is empty before each of them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public class RunningNode {

  private final List<String> flags;
  protected Node node;
  protected RedisCli redis;

  /** A node with these settings; which Redis it uses goes without saying. */
  public RunningNode(String... flags) {
    this.flags = List.of(flags);
  }

  @BeforeAll
  void start() {
    Stream<String> all = Stream.concat(Stream.of("redis.url=" + SharedRedis.url()), flags.stream());
    node = Node.started(all.toArray(String[]::new));
    redis = new RedisCli(SharedRedis.url());
  }

  @AfterAll
  void stop() {
    node.close();
    redis.close();
  }

  @BeforeEach
  void empty() {
    Node.flush(redis, node);
  }

  /** Where an answer sees faults, each like {@code body by}. */
  public static List<String> faultsOf(HttpResponse<String> answer) {
    List<String> places = new ArrayList<>();
    for (Object error : new JsonObject(answer.body()).getJsonArray("errors", new JsonArray())) {
      JsonArray loc = ((JsonObject) error).getJsonArray("loc");
      places.add(String.join(" ", loc.stream().map(String::valueOf).toList()));
    }
    return places;
  }

  /** A header of an answer; the text {@code none} where it has none. */
  public static String header(HttpResponse<String> answer, String name) {
    return String.join(" | ", answer.headers().allValues(name)).replaceFirst("^$", "none");
  }
}
