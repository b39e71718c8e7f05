package dev.recall.state;

import dev.recall.testing.StateRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Another program has written what a script takes for a number, and Java or PEXPIRE does not. */
class OddStateIT extends FilledNode {

  @ParameterizedTest
  @CsvSource({
    "version, 1.5, SESSION_GET",
    "version, 0x10, SESSION_GET",
    "version, nan, SESSION_GET",
    "version, 99999999999999999999999, SESSION_GET",
    "version, 1.5, SESSION_ROTATE",
    "version, nan, SESSION_ROTATE",
    "version, 99999999999999999999999, SESSION_ROTATE",
    "version, -7, SESSION_GET",
    "version, 07, SESSION_GET",
    "version, abc, SESSION_REPLACE",
    "version, abc, SESSION_PUT_NEW",
    "created, 1700000000000.5, SESSION_ROTATE",
    "created, 99999999999999.5, SESSION_DELETE_VERSION",
    "created, 99999999999999.5, SESSION_ROTATE",
    "created, 99999999999999.5, SESSION_ROTATE_VERSION",
    "created, nan, SESSION_ROTATE",
    "created, nan, SESSION_REPLACE",
    "created, 1e300, SESSION_DELETE_VERSION",
    "created, 1e300, SESSION_ROTATE"
  })
  void anyRequest_whenAFieldOfTheDocumentIsAnOddNumber_is409AndLeavesAllAsItWas(
      String field, String value, StateRequest request) {
    redis.run("HSET", "state:session:k", field, value);

    assertRefused(request, 409, "corrupt-document");
  }

  @ParameterizedTest
  @CsvSource({"issued, x", "accepted, x", "issued, 1.5"})
  void put_whenTheFencesAreNoNumbers_is409AndLeavesAllAsItWas(String field, String value) {
    redis.run("HSET", "fence:k", field, value);

    assertRefused(StateRequest.SESSION_REPLACE_FENCED, 409, "wrong-type");
  }

  @ParameterizedTest
  @CsvSource({"x", "1.5", "''"})
  void renew_whenTheFenceOfTheLockIsNoNumber_is409AndLeavesAllAsItWas(String fence) {
    redis.run("HSET", "lock:k", "fence", fence);

    assertRefused(StateRequest.LOCK_RENEW, 409, "wrong-type");
  }

  @Test
  void renew_whenTheLockHasNoFence_is409AndLeavesAllAsItWas() {
    redis.run("HDEL", "lock:k", "fence");

    assertRefused(StateRequest.LOCK_RENEW, 409, "wrong-type");
  }

  @Test
  void add_whenTheAnswerKeptForItsKeyIsNoNumber_is409AndLeavesAllAsItWas() {
    redis.run("HSET", "answer:1:{counter:k}:i", "request", "1", "answer", "x");

    assertRefused(StateRequest.COUNTER_ADD_ONCE, 409, "wrong-type");
  }
}
