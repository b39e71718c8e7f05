package dev.recall.cache;

import static dev.recall.testing.ProblemAssertions.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.recall.redis.RedisContents;
import dev.recall.testing.RunningNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys that hold what does not belong there: results are repaired, counters are left alone. */
class RepairIT extends RunningNode {

  @ParameterizedTest
  @CsvSource({"SET, junk", "SET, 055", "LPUSH, 1"})
  void calculate_whenWhatIsStoredIsNoResult_computesAndRepairs(String write, String value) {
    redis.run(write, "fib:10", value);

    assertThat(node.get("/cache/calculate/10").body())
        .contains("\"result\":55,\"source\":\"database\"");
    assertThat(redis.run("GET", "fib:10")).isEqualTo("55");
  }

  @Test
  void calculate_whenOneOfManyKeysIsAList_stillAnswersTheOthersFromTheCache() {
    redis.run("LPUSH", "fib:10", "1");
    redis.run("SET", "fib:11", "89");

    var wrong = node.getAsync("/cache/calculate/10");
    var right = node.getAsync("/cache/calculate/11");

    assertThat(right.join().body()).isEqualTo("{\"n\":11,\"result\":89,\"source\":\"cache\"}");
    assertThat(wrong.join().statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({"SET, junk", "LPUSH, 1"})
  void counter_whenWhatIsStoredIsNoNumber_is409AndLeftAsItWas(String write, String value) {
    redis.run(write, "counter:x", value);
    RedisContents before = RedisContents.of(redis);

    assertProblem(node.get("/counter/x"), 409, "wrong-type");
    before.assertUnchanged(redis);
  }

  @Test
  void counter_whenTheScriptIsForgotten_countsAllTheSame() {
    node.get("/counter/x");
    redis.run("SCRIPT", "FLUSH");

    assertThat(node.get("/counter/x").body()).isEqualTo("{\"user_id\":\"x\",\"visits\":2}");
  }
}
