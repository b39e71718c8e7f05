package dev.recall.cache;

import static dev.recall.testing.ProblemAssertions.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.recall.testing.RunningNode;
import org.junit.jupiter.api.Test;

/** Keys that hold what does not belong there: results are repaired, counters are left alone. */
class RepairIT extends RunningNode {

  @Test
  void calculate_whenJunkIsStored_computesAndRepairs() {
    redis.run("SET", "fib:10", "junk");

    assertThat(node.get("/cache/calculate/10").body()).contains("55,\"source\":\"database\"");
    assertThat(redis.run("GET", "fib:10")).isEqualTo("55");
  }

  @Test
  void calculate_whenTheDigitsWouldBeNoJson_computesAndRepairs() {
    redis.run("SET", "fib:10", "055");

    assertThat(node.get("/cache/calculate/10").body()).contains("\"result\":55,");
    assertThat(redis.run("GET", "fib:10")).isEqualTo("55");
  }

  @Test
  void calculate_whenAListIsStored_computesAndRepairs() {
    redis.run("LPUSH", "fib:10", "1");

    assertThat(node.get("/cache/calculate/10").body()).contains("55,\"source\":\"database\"");
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

  @Test
  void counter_whenAListIsStored_is409AndLeftAsItWas() {
    redis.run("LPUSH", "counter:x", "1");

    assertProblem(node.get("/counter/x"), 409, "wrong-type");
    assertThat(redis.run("TYPE", "counter:x")).isEqualTo("list");
    assertThat(redis.number("TTL", "counter:x")).isEqualTo(-1);
  }

  @Test
  void counter_whenTextIsStored_is409AndLeftAsItWas() {
    redis.run("SET", "counter:x", "junk");

    assertProblem(node.get("/counter/x"), 409, "wrong-type");
    assertThat(redis.run("GET", "counter:x")).isEqualTo("junk");
    assertThat(redis.number("TTL", "counter:x")).isEqualTo(-1);
  }

  @Test
  void counter_whenTheScriptIsForgotten_countsAllTheSame() {
    node.get("/counter/x");
    redis.run("SCRIPT", "FLUSH");

    assertThat(node.get("/counter/x").body()).isEqualTo("{\"user_id\":\"x\",\"visits\":2}");
  }
}
