package dev.recall.bus;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.Test;

class BusMetersTest {

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final BusMeters meters = new BusMeters(registry);

  private double shown(String address) {
    return registry.get("recall.bus.pending").tag("address", address).gauge().value();
  }

  @Test
  void pending_ofSeveralRequesters_isTheirSum() {
    meters.pending("a", () -> 2);
    meters.pending("a", () -> 3);
    meters.pending("b", () -> 5);

    assertThat(shown("a")).isEqualTo(5);
    assertThat(shown("b")).isEqualTo(5);
  }

  @Test
  void ended_whenOneIsLeft_showsThatOne() {
    IntSupplier first = () -> 2;
    meters.pending("a", first);
    meters.pending("a", () -> 3);

    meters.ended("a", first);

    assertThat(shown("a")).isEqualTo(3);
  }

  @Test
  void ended_whenNobodyIsLeft_isShownNoMore() {
    IntSupplier only = () -> 2;
    meters.pending("a", only);

    meters.ended("a", only);

    assertThat(registry.getMeters()).isEmpty();
  }
}
