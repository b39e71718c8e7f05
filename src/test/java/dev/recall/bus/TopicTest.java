package dev.recall.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recall.form.Field;
import dev.recall.form.Form;
import dev.recall.form.Header;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TopicTest {

  /** A key was removed. */
  private record Gone(String key, String by) {
    private static final Form<Gone> FORM =
        Form.of(Gone::new, Field.text("key").of(Gone::key), Header.text("by").of(Gone::by));
  }

  private static final Topic<Gone> GONE = new Topic<>("recall.v1.test.gone", Gone.FORM);
  private static final Gone EVENT = new Gone("a €", "somebody");

  private final Vertx vertx = Vertx.vertx();
  private final Bus bus =
      new Bus(vertx, new BusParts(new BusMeters(new SimpleMeterRegistry()), System::nanoTime));
  private final List<Gone> heard = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() {
    vertx.close().await();
  }

  @Test
  void publish_whenSeveralHear_tellsEachOfThem() {
    bus.hear(GONE, heard::add).await();
    new Bus(vertx, new BusParts(new BusMeters(new SimpleMeterRegistry()), System::nanoTime))
        .hear(GONE, heard::add)
        .await();

    bus.publish(GONE, EVENT);

    await().untilAsserted(() -> assertThat(heard).containsExactly(EVENT, EVENT));
  }

  @Test
  void publish_whenNobodyHears_tellsNobody() {
    bus.publish(GONE, EVENT);
    bus.hear(GONE, heard::add).await();
    bus.publish(GONE, new Gone("b", ""));

    await().untilAsserted(() -> assertThat(heard).containsExactly(new Gone("b", "")));
  }

  @Test
  void hear_whenAnEventIsNotAsAgreed_passesItOver() {
    bus.hear(GONE, heard::add).await();

    vertx.eventBus().publish(GONE.name(), "no JSON object");
    bus.publish(GONE, EVENT);

    await().untilAsserted(() -> assertThat(heard).containsExactly(EVENT));
  }

  @Test
  void hear_whenTheBusIsDrained_endsWithIt() {
    bus.hear(GONE, heard::add).await();
    Bus other =
        new Bus(vertx, new BusParts(new BusMeters(new SimpleMeterRegistry()), System::nanoTime));
    List<Gone> still = new CopyOnWriteArrayList<>();
    other.hear(GONE, still::add).await();

    bus.drain(Duration.ofSeconds(1)).await();
    other.publish(GONE, EVENT);

    await().untilAsserted(() -> assertThat(still).containsExactly(EVENT));
    assertThat(heard).isEmpty();
  }
}
