package dev.recall.bus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recall.api.CounterApi;
import dev.recall.api.CounterApi.Get;
import dev.recall.api.CounterApi.Value;
import dev.recall.loop.Trace;
import io.vertx.core.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TraceTest extends OnBus {

  private static final String PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

  static Stream<Address<Get, Value>> addresses() {
    return Stream.of(CounterApi.GET.local(), CounterApi.GET.cluster());
  }

  @ParameterizedTest
  @MethodSource("addresses")
  void request_ofWhoFollowsATrace_isServedUnderIt(Address<Get, Value> address) {
    assertThat(servedUnder(address, PARENT)).isEqualTo(PARENT);
  }

  @ParameterizedTest
  @MethodSource("addresses")
  void request_ofWhoFollowsNone_isServedUnderNoneWhateverWentBefore(Address<Get, Value> address) {
    servedUnder(address, PARENT);

    assertThat(servedUnder(address, "")).isEmpty();
  }

  @Test
  void of_aTraceparent_isTheSame() {
    assertThat(Trace.of(PARENT)).isEqualTo(PARENT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00",
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0\n",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "00_4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more"
      })
  void of_whatIsNoTraceparent_isEmpty(String header) {
    assertThat(Trace.of(header)).isEmpty();
  }

  /** The trace that a request of somebody who follows this one is served under. */
  private String servedUnder(Address<Get, Value> address, String parent) {
    Bus server = new Bus(vertx, new BusParts(new BusMeters(registry), System::nanoTime));
    server
        .serve(address, ask -> Future.succeededFuture(new Value("of " + Trace.current(), 0)))
        .await();
    Requester<Get, Value> requester = bus.requester(address, LONG);
    Future<Value> reply =
        Future.future(
            promise ->
                vertx.runOnContext(
                    turn -> {
                      Trace.follow(parent);
                      requester.request(new Get("a")).onComplete(promise);
                    }));
    String trace = reply.await().id().substring("of ".length());
    server.drain(LONG).await();
    return trace;
  }
}
