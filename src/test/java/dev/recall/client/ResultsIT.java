package dev.recall.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recall.failure.Failure;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Results, whoever makes them, both ways. */
@ParameterizedClass
@EnumSource(Way.class)
class ResultsIT extends OnNode {

  ResultsIT(Way way) {
    super(way);
  }

  @Test
  void get_ofWhatNodesMake_isMade() {
    assertThat(got(client.results().get("fib", "100"))).hasValue("354224848179261915075");
  }

  @Test
  void get_ofWhatNobodyHasMade_isEmpty() {
    assertThat(got(client.results().get("report", "x"))).isEmpty();
  }

  @Test
  void get_ofWhatCannotBe_isRefused() {
    assertFails(client.results().get("fib", "-1"), Failure.INVALID);
    assertFails(client.results().get("nothing", "1"), Failure.NO_SUCH_COMPUTATION);
  }

  @Test
  void put_thenForget_isThereAndGone() {
    got(client.results().put("report", "x", "made é😀"));

    assertThat(got(client.results().get("report", "x"))).hasValue("made é😀");
    assertThat(redis.run("GET", "report:x")).isEqualTo("made é😀");
    got(client.results().forget("report", "x"));
    assertThat(got(client.results().get("report", "x"))).isEmpty();
  }

  @Test
  void put_ofWhatNodesMake_isRefused() {
    assertFails(client.results().put("fib", "1", "7"), Failure.NOT_BY_CALLERS);
  }

  @Test
  void clear_forgetsAllAndTellsHowMany() {
    got(client.results().put("report", "x", "1"));
    got(client.results().put("report", "y", "2"));

    assertThat(got(client.results().clear("report"))).isEqualTo(2);
    assertThat(got(client.results().get("report", "x"))).isEmpty();
  }

  @Test
  void define_isThereForAll() {
    JsonObject definition = new JsonObject().put("by", "callers").put("ttl", "60s");
    String name = "defined" + way.name().toLowerCase(Locale.ROOT);

    assertThat(got(client.results().define(name, definition))).isTrue();
    assertThat(got(client.results().define(name, definition))).isFalse();
    got(client.results().put(name, "x", "1"));
    assertThat(got(client.results().get(name, "x"))).hasValue("1");
    assertFails(client.results().define("report", definition), Failure.DEFINED_ELSEWHERE);
    assertFails(client.results().define(name, new JsonObject()), Failure.INVALID);
  }
}
