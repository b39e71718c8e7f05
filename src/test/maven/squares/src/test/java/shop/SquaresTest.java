package shop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.recall.client.RecallClient;
import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SquaresTest {

  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() {
    vertx.close().await();
  }

  @Test
  void overHttp_onARealNode_remembersAndLocks() {
    RecallClient recall =
        RecallClient.overHttp(vertx, URI.create(System.getProperty("recall.url")));
    Squares squares = new Squares(recall);

    assertEquals("49", squares.of(7).await());
    assertEquals("49", squares.of(7).await());
    assertEquals(1, squares.computed.get());
    assertEquals(
        1,
        recall
            .withLock(
                "l",
                Duration.ofSeconds(10),
                Duration.ofSeconds(10),
                held -> recall.counters().add("n"))
            .await());
    recall.close().await();
  }

  @Test
  void overBus_whereSomethingAnswers_isAnswered() {
    RecallClient recall = RecallClient.overBus(vertx);
    FailureException alone =
        assertThrows(FailureException.class, () -> recall.counters().add("n").await());
    assertEquals(Failure.NO_SERVER, alone.failure());

    vertx
        .eventBus()
        .consumer(
            "recall.v1.counter.add",
            message -> message.reply(new JsonObject().put("id", "n").put("value", 7)));

    assertEquals(7, recall.counters().add("n").await());
  }

  @Test
  void classPath_hasNothingOfRecallButItsClient() {
    assertThrows(ClassNotFoundException.class, () -> Class.forName("dev.recall.Main"));
    assertThrows(ClassNotFoundException.class, () -> Class.forName("dev.recall.bus.Bus"));
    assertThrows(ClassNotFoundException.class, () -> Class.forName("org.slf4j.Logger"));
    assertThrows(
        ClassNotFoundException.class,
        () -> Class.forName("io.micrometer.core.instrument.MeterRegistry"));
  }
}
