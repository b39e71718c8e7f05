package dev.recall.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recall.api.ComputationsApi;
import dev.recall.api.ComputationsApi.Lend;
import dev.recall.config.Definition;
import dev.recall.config.read.DefinitionReader;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LendersTest {

  private final AtomicLong nanos = new AtomicLong(-1_000_000_000);
  private final Lenders lenders = new Lenders(nanos::get);
  private final Definition definition = DefinitionReader.read(Map.of("by", "lent", "ttl", "1s"));

  private void heard(String instance) {
    lenders.heard(lend(instance), definition);
  }

  private static Lend lend(String instance) {
    String address = "recall.v1.compute.price." + instance;
    return new Lend("price", new JsonObject(), instance, Optional.of(address), false);
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  @Test
  void addresses_whenNobodyLends_areNone() {
    assertThat(lenders.addresses("price")).isEmpty();
    assertThat(lenders.definition("price")).isNull();
  }

  @Test
  void addresses_whenSeveralLend_areTheirs() {
    heard("b");
    heard("a");

    assertThat(lenders.addresses("price"))
        .containsExactly("recall.v1.compute.price.a", "recall.v1.compute.price.b");
    assertThat(lenders.definition("price")).isSameAs(definition);
  }

  @Test
  void addresses_whenSeveralAnswerAtOne_areThatOne() {
    for (String instance : new String[] {"a", "b"}) {
      lenders.heard(
          new Lend("price", new JsonObject(), instance, Optional.empty(), false), definition);
    }

    assertThat(lenders.addresses("price")).containsExactly("recall.v1.compute.price");
  }

  @Test
  void forgetTheSilent_whenOneHasNotBeenHeardOf_forgetsThatOneAlone() {
    heard("a");
    pass(Duration.ofSeconds(8));
    heard("b");
    pass(Duration.ofSeconds(3));

    assertThat(lenders.forgetTheSilent()).isEmpty();
    assertThat(lenders.addresses("price")).containsExactly("recall.v1.compute.price.b");
  }

  @Test
  void forgetTheSilent_whenTheLastIsSilent_tellsThatItIsNotLentAnyMore() {
    heard("a");
    pass(ComputationsApi.SILENCE.plusMillis(1));

    assertThat(lenders.forgetTheSilent()).containsExactly("price");
    assertThat(lenders.definition("price")).isNull();
  }

  @Test
  void forgetTheSilent_whileAHeartbeatIsHeard_forgetsNobody() {
    for (int i = 0; i < 10; i++) {
      heard("a");
      pass(ComputationsApi.HEARTBEAT);
      assertThat(lenders.forgetTheSilent()).isEmpty();
    }
  }

  @Test
  void gone_whenOneEnds_leavesTheOthers() {
    heard("a");
    heard("b");

    lenders.gone(lend("a"));

    assertThat(lenders.addresses("price")).containsExactly("recall.v1.compute.price.b");
  }
}
