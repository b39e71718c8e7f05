package dev.recall.origin;

import static dev.recall.origin.ScriptedOrigin.json;
import static dev.recall.origin.ScriptedOrigin.raw;
import static dev.recall.origin.ScriptedOrigin.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recall.api.ComputeApi.Made;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CallTest extends OnCalls {

  private static final Duration SHORT = Duration.ofMillis(100);

  /** A busy machine reads an answer within it. */
  private static final Duration LONGER = Duration.ofSeconds(2);

  private static final String LATE = "TIMED_OUT the origin does not answer within 100 ms";

  CallTest() {
    super(Vertx.vertx(), 1);
  }

  @ParameterizedTest
  @CsvSource({
    "Cache-Control: max-age=30,                          {} 30000",
    "'Cache-Control: public, max-age=30',                {} 30000",
    "'Cache-Control: max-age=30, s-maxage=20',           {} 20000",
    "'Cache-Control: s-maxage=\"20\", max-age=10',       {} 20000",
    "'CACHE-CONTROL: MAX-AGE=30',                        {} 30000",
    "Cache-Control: max-age=0,                           {} 0",
    "Cache-Control: no-store,                            {} 0",
    "'Cache-Control: max-age=30, No-Store',              {} 0",
    "Cache-Control: private,                             {} 0",
    "Cache-Control: no-cache,                            {} 0",
    "'Cache-Control: no-cache=\"Set-Cookie\"',           {} 0",
    "Cache-Control: max-age=abc,                         {}",
    "Cache-Control: max-age=-1,                          {}",
    "Cache-Control: max-age,                             {}",
    "'Cache-Control: ,,=;',                              {}",
    "Cache-Control: immutable,                           {}",
    "Cache-Control: max-age=999999999999999,             {} 999999999999999000",
    "X-Nothing: max-age=30,                              {}",
    "'Cache-Control: max-age=30\r\nAge: 12',             {} 18000",
    "'Cache-Control: max-age=30\r\nAge: 31',             {} 0",
    "'Cache-Control: max-age=30\r\nAge: old',            {} 30000",
    "'Cache-Control: max-age=30\r\nCache-Control: no-store', {} 0",
    "Age: 31,                                            {}"
  })
  void begin_whateverTheOriginSaysOfCaching_isHeeded(String headers, String told) {
    origin.on("x", json("{}", headers.split("\r\n")));

    assertThat(told(ask(defined(), "x"))).isEqualTo(told);
  }

  @ParameterizedTest
  @CsvSource({
    "30,                                                                  PT30S",
    "3601,                                                                PT1H",
    "999999999999999,                                                     PT1H",
    "'Thu, 01 Jan 1970 00:00:30 GMT',                                     PT30S",
    "'Thu, 01 Jan 1970 01:00:01 GMT',                                     PT1H",
    "'Thu, 01 Jan 1970 00:01:30 GMT\r\nDate: Thu, 01 Jan 1970 00:01:00 GMT', PT30S"
  })
  void begin_whenTheOriginSaysWhenToAskAgain_isToBeAskedThen(String after, Duration pause) {
    origin.on("x", status("503 Busy", "", ("Retry-After: " + after).split("\r\n")));

    Future<Made> asked = ask(defined(), "x");

    assertThat(told(asked)).isEqualTo("TRY_LATER the origin answers 503");
    assertThat(wait(asked)).isEqualTo(pause);
  }

  @ParameterizedTest
  @CsvSource({
    "0",
    "-1",
    "soon",
    "1.5",
    "''",
    "'Thu, 01 Jan 1970 00:00:00 GMT'",
    "'Wed, 31 Dec 1969 23:59:59 GMT'",
    "'Thu, 99 Jan 1970 00:00:30 GMT'"
  })
  void begin_whenTheOriginDoesNotSayWhenToAskAgain_hasFailed(String after) {
    origin.on("x", status("503 Busy", "", "Retry-After: " + after));

    Future<Made> asked = ask(defined(), "x");

    assertThat(told(asked)).isEqualTo("ORIGIN_FAILED the origin answers 503");
    assertThat(wait(asked)).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void begin_whenThereIsNoSuchResult_isToBeRememberedAsDefined() {
    origin.otherwise(status("404 Not Found", ""));

    assertThat(wait(ask(defined(), "x"))).isEqualTo(Duration.ofSeconds(5));
    assertThat(wait(ask(defined("not-found-for", "7m"), "x"))).isEqualTo(Duration.ofMinutes(7));
    assertThat(wait(ask(defined("not-found-for", "0s"), "x"))).isZero();
  }

  @Test
  void begin_whenNoConnectionIsToBeHadInTime_leavesItToTheNextOne() {
    Origin shop = defined();
    origin.on("a", origin.held(json("[1]")));
    Future<Made> first = ask(shop, "a");
    await().until(() -> origin.asked("a") == 1);

    assertThat(told(ask(shop, "b", SHORT))).isEqualTo(LATE);
    Future<Made> third = ask(shop, "c");
    origin.release(1);

    assertThat(told(first)).isEqualTo("[1]");
    assertThat(told(third)).isEqualTo("{}");
    assertThat(told(ask(shop, "d"))).isEqualTo("{}");
    assertThat(origin.asked("b")).isZero();
    assertThat(shop.inFlight()).isZero();
  }

  @Test
  void begin_whenTheOriginHangs_freesTheConnection() {
    Origin shop = defined();
    String head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n";
    origin.on("a", origin.hang());
    origin.on("b", origin.thenHang(raw(head + "[1")));
    origin.on("c", origin.thenHang(raw("HTTP/1.1 404 None\r\nContent-Length: 9\r\n\r\n")));

    assertThat(told(ask(shop, "a", SHORT))).isEqualTo(LATE);
    assertThat(told(ask(shop, "b", SHORT))).isEqualTo(LATE);
    assertThat(told(ask(shop, "c", LONGER))).isEqualTo("NO_SUCH_RESULT the origin answers 404");

    assertThat(told(ask(shop, "d"))).isEqualTo("{}");
    await().until(() -> origin.cuts() == 3);
    assertThat(shop.inFlight()).isZero();
  }

  @Test
  void begin_whenARefusalIsLong_isNotReadToItsEnd() {
    Origin shop = defined();
    String head = "HTTP/1.1 404 None\r\nContent-Length: 99999999\r\n\r\n";
    origin.on("a", origin.thenHang(raw(head + " ".repeat(100_000))));

    assertThat(told(ask(shop, "a"))).isEqualTo("NO_SUCH_RESULT the origin answers 404");

    await().until(() -> origin.cuts() == 1);
    assertThat(told(ask(shop, "b"))).isEqualTo("{}");
  }

  @Test
  void begin_whenTooMuchIsOnItsWay_isRefusedAndItsRoomGivenBack() {
    Origin shop = defined();
    origin.on("a", json("\"" + "x".repeat((int) MAX_HELD) + "\""));
    origin.on("b", json("\"" + "x".repeat((int) MAX_HELD - 2) + "\""));

    for (int i = 0; i < 20; i++) {
      assertThat(told(ask(shop, "a")))
          .isEqualTo("OVERLOADED too many answers of origins are on their way");
    }

    assertThat(told(ask(shop, "b"))).startsWith("\"xxx"); // nor is the origin thought to fail
    assertThat(told(ask(shop, "b"))).startsWith("\"xxx");
  }
}
