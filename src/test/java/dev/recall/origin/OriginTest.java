package dev.recall.origin;

import static dev.recall.origin.ScriptedOrigin.json;
import static dev.recall.origin.ScriptedOrigin.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recall.api.ComputeApi.Made;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class OriginTest extends OnCalls {

  private static final String PAUSED = "OVERLOADED the origin wants to be asked later";
  private static final String OPEN =
      "OVERLOADED the origin has failed of late; it is tried again shortly";

  OriginTest() {
    super(Vertx.vertx(), 2);
  }

  @Test
  void ask_whileThePauseLasts_isRefusedWithWhatIsLeftOfIt() {
    Origin shop = defined();
    origin.on("x", status("429 Slow", "", "Retry-After: 30"));
    ask(shop, "x").otherwiseEmpty().await();

    clock.pass(Duration.ofSeconds(12));
    Future<Made> paused = ask(shop, "y");
    assertThat(told(paused)).isEqualTo(PAUSED);
    assertThat(wait(paused)).isEqualTo(Duration.ofSeconds(18));
    clock.pass(Duration.ofSeconds(18));

    assertThat(told(ask(shop, "y"))).isEqualTo("{}");
    assertThat(shop.state()).isEqualTo(CircuitBreaker.State.CLOSED);
  }

  @Test
  void ask_whenSeveralAnswersAskForPatience_heedsTheLongest() {
    Origin shop = defined();
    origin.on("long", status("429 Slow", "", "Retry-After: 30"));
    origin.on("short", origin.held(status("429 Slow", "", "Retry-After: 1")));
    Future<Made> late = ask(shop, "short");
    await().until(() -> origin.asked("short") == 1);

    told(ask(shop, "long"));
    origin.release(1);
    told(late);

    assertThat(wait(ask(shop, "y"))).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void ask_whenTheOriginFailsHalfOfTheTime_isRefusedForFiveSecondsThenTriedTwice() {
    Origin shop = defined();
    origin.on("bad", status("500 Oops", ""));
    for (int i = 0; i < 10; i++) {
      told(ask(shop, i % 2 == 0 ? "good" : "bad"));
    }

    assertThat(told(ask(shop, "x"))).isEqualTo(OPEN);
    clock.pass(Duration.ofMillis(4_999));
    assertThat(told(ask(shop, "x"))).isEqualTo(OPEN);
    clock.pass(Duration.ofMillis(2));

    assertThat(told(ask(shop, "x"))).isEqualTo("{}");
    assertThat(shop.state()).isEqualTo(CircuitBreaker.State.HALF_OPEN);
    assertThat(told(ask(shop, "y"))).isEqualTo("{}");
    assertThat(shop.state()).isEqualTo(CircuitBreaker.State.CLOSED);
  }

  @Test
  void ask_whenTheOriginAnswersThatThereIsNone_isThoughtWell() {
    Origin shop = defined();
    origin.otherwise(status("404 None", ""));

    for (int i = 0; i < 30; i++) {
      assertThat(told(ask(shop, "x"))).isEqualTo("NO_SUCH_RESULT the origin answers 404");
    }

    assertThat(shop.state()).isEqualTo(CircuitBreaker.State.CLOSED);
  }

  @Test
  void ask_whenItIsThePauseThatEndsATrial_canBeTriedAgain() {
    Origin shop = defined();
    origin.on("bad", status("500 Oops", ""));
    origin.on("later", status("503 Busy", "", "Retry-After: 1"));
    for (int i = 0; i < 10; i++) {
      told(ask(shop, "bad"));
    }

    for (int i = 0; i < 5; i++) {
      clock.pass(Duration.ofSeconds(6));
      assertThat(told(ask(shop, "later"))).isEqualTo("TRY_LATER the origin answers 503");
    }

    clock.pass(Duration.ofSeconds(6));
    assertThat(told(ask(shop, "x"))).isEqualTo("{}");
  }

  @Test
  void ask_whenItIsFull_refusesAndLetsTheNextInWhenOneIsDone() {
    Origin shop = defined("max-in-flight", "1");
    origin.on("a", origin.held(json("[1]")));
    Future<Made> first = ask(shop, "a");
    await().until(() -> shop.inFlight() == 1);

    assertThat(told(ask(shop, "b"))).isEqualTo("OVERLOADED the origin is asked for enough already");
    origin.release(1);

    assertThat(told(first)).isEqualTo("[1]");
    assertThat(told(ask(shop, "b"))).isEqualTo("{}");
    assertThat(meters.get("recall.origin.requests").tag("outcome", "full").timer().count()).isOne();
    assertThat(meters.get("recall.origin.requests").tag("outcome", "made").timer().count())
        .isEqualTo(2);
  }
}
