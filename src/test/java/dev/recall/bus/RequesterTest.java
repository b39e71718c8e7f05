package dev.recall.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.recall.api.CounterApi;
import dev.recall.api.CounterApi.Add;
import dev.recall.api.CounterApi.Value;
import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RequesterTest extends OnBus {

  private static final int MAX_IN_FLIGHT = 10_000;
  private static final Add ADD = Add.one("a");

  static Stream<Address<Add, Value>> addresses() {
    return Stream.of(CounterApi.ADD.local(), CounterApi.ADD.cluster());
  }

  @ParameterizedTest
  @MethodSource("addresses")
  void request_whenNobodyServes_saysSo(Address<Add, Value> address) {
    assertFails(
        bus.requester(address, LONG).request(ADD),
        Failure.NO_SERVER,
        "no node serves " + address.name());
  }

  @ParameterizedTest
  @MethodSource("addresses")
  void request_whenNoAnswerComesWithinTheDeadline_timesOut(Address<Add, Value> address) {
    Promise<Value> never = Promise.promise();
    bus.serve(address, add -> never.future()).await();

    assertFails(
        bus.requester(address, Duration.ofMillis(20)).request(ADD),
        Failure.TIMED_OUT,
        "no answer within 20 ms");
  }

  @Test
  void request_whenTheReplyIsNotAsAgreed_isTheFaultOfWhoeverReplied() {
    vertx
        .eventBus()
        .consumer(
            CounterApi.ADD.cluster().name(),
            message -> message.reply(new JsonObject().put("id", 1)))
        .completion()
        .await();

    assertFails(
        bus.requester(CounterApi.ADD.cluster(), LONG).request(ADD),
        Failure.ORIGIN_FAILED,
        "the reply of recall.v1.counter.add is not as agreed: id must be a string");
  }

  @Test
  void request_whenTheServerFailsWithAnUnknownCode_isInternal() {
    vertx
        .eventBus()
        .consumer(CounterApi.ADD.cluster().name(), message -> message.fail(7, "seven"))
        .completion()
        .await();

    assertFails(
        bus.requester(CounterApi.ADD.cluster(), LONG).request(ADD), Failure.INTERNAL, "seven");
  }

  @Test
  void request_whenTooManyAreInFlight_isOverloadedUntilTheyAreAnswered() {
    Promise<Value> answer = Promise.promise();
    bus.serve(CounterApi.ADD.local(), add -> answer.future()).await();
    Requester<Add, Value> requester = bus.requester(CounterApi.ADD.local(), LONG);
    List<Future<Value>> inFlight = new ArrayList<>();
    for (int i = 0; i < MAX_IN_FLIGHT; i++) {
      inFlight.add(requester.request(ADD));
    }

    Future<Value> tooMany = requester.request(ADD);

    assertThat(tooMany.isComplete()).isTrue();
    assertFails(tooMany, Failure.OVERLOADED, "too many requests are in flight");
    answer.complete(new Value("a", 1));
    Future.all(inFlight).await();
    assertThat(requester.request(ADD).await()).isEqualTo(new Value("a", 1));
  }

  private static void assertFails(Future<?> future, Failure failure, String detail) {
    assertThatExceptionOfType(FailureException.class)
        .isThrownBy(future::await)
        .returns(failure, FailureException::failure)
        .returns(detail, FailureException::detail);
  }
}
