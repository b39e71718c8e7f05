package dev.recall.state;

import static dev.recall.testing.ProblemAssertions.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.recall.testing.StateRequest;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Another program has written to our keys: what cannot be understood is told, and left alone. */
class CorruptStateIT extends FilledNode {

  @ParameterizedTest
  @CsvSource({
    "counter:k, COUNTER_GET",
    "counter:k, COUNTER_ADD",
    "counter:k, COUNTER_ADD_ONCE",
    "counter:k, COUNTER_VISIT",
    "answer:1:{counter:k}:i, COUNTER_ADD_ONCE",
    "state:session:k, SESSION_GET",
    "state:session:k, SESSION_REPLACE",
    "state:session:k, SESSION_REPLACE_FENCED",
    "state:session:k, SESSION_PUT_NEW",
    "state:session:k, SESSION_DELETE_VERSION",
    "state:session:k, SESSION_ROTATE",
    "state:session:k, SESSION_ROTATE_VERSION",
    "fence:k, SESSION_REPLACE_FENCED",
    "fence:free, LOCK_ACQUIRE_FREE",
    "lock:k, LOCK_ACQUIRE",
    "lock:k, LOCK_RENEW",
    "lock:k, LOCK_RELEASE"
  })
  void anyRequest_whenTheKeyIsOfAnotherType_is409AndLeavesAllAsItWas(
      String key, StateRequest request) {
    redis.run("DEL", key);
    redis.run("SADD", key, "x");

    assertRefused(request, 409, "wrong-type");
  }

  @ParameterizedTest
  @CsvSource({
    "counter:k, COUNTER_DELETE",
    "state:session:k, SESSION_DELETE",
    "state:config:k, CONFIG_DELETE",
    "lock:k, LOCK_BREAK"
  })
  void removal_whenTheKeyIsOfAnotherType_isDone(String key, StateRequest request) {
    redis.run("DEL", key);
    redis.run("SADD", key, "x");

    assertThat(request.sentTo(node).statusCode()).isEqualTo(204);
    assertThat(redis.run("EXISTS", key)).isEqualTo("0");
  }

  @ParameterizedTest
  @CsvSource({
    "version, SESSION_GET",
    "version, SESSION_REPLACE",
    "version, SESSION_REPLACE_FENCED",
    "version, SESSION_PUT_NEW",
    "version, SESSION_ROTATE",
    "version, SESSION_ROTATE_VERSION",
    "created, SESSION_GET",
    "created, SESSION_REPLACE",
    "created, SESSION_REPLACE_FENCED",
    "created, SESSION_PUT_NEW",
    "created, SESSION_ROTATE",
    "created, SESSION_ROTATE_VERSION"
  })
  void anyRequest_whenTheDocumentLacksAField_is409AndLeavesAllAsItWas(
      String field, StateRequest request) {
    redis.run("HDEL", "state:session:k", field);

    assertRefused(request, 409, "corrupt-document");
  }

  @ParameterizedTest
  @CsvSource({
    "version, abc, SESSION_GET",
    "version, abc, SESSION_ROTATE",
    "version, abc, SESSION_ROTATE_VERSION",
    "created, abc, SESSION_GET",
    "created, abc, SESSION_REPLACE",
    "created, abc, SESSION_PUT_NEW",
    "created, abc, SESSION_ROTATE"
  })
  void anyRequest_whenAFieldOfTheDocumentIsNoNumber_is409AndLeavesAllAsItWas(
      String field, String value, StateRequest request) {
    redis.run("HSET", "state:session:k", field, value);

    assertRefused(request, 409, "corrupt-document");
  }

  @ParameterizedTest
  @CsvSource({"{", "''", "[1][2]", "NaN"})
  void get_whenTheTextIsNoJson_is409(String text) {
    redis.run("HSET", "state:session:k", "text", text);

    assertProblem(StateRequest.SESSION_GET.sentTo(node), 409, "corrupt-document");
  }

  @ParameterizedTest
  @CsvSource({"state:session:k, SESSION_DELETE", "state:config:k, CONFIG_DELETE"})
  void delete_whenTheDocumentIsCorrupt_removesIt(String key, StateRequest request) {
    redis.run("HDEL", key, "created");

    assertThat(request.sentTo(node).statusCode()).isEqualTo(204);
    assertThat(redis.run("HEXISTS", key, "text")).isEqualTo("0");
  }
}
