package dev.recall.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.recall.api.CacheApi;
import dev.recall.api.CacheApi.Get;
import dev.recall.api.CacheApi.Result;
import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class BusTest extends OnBus {

  /** Each address, with each way in which a handler can fail. */
  static Stream<Arguments> failures() {
    Function<RuntimeException, Future<Result>> failed = Future::failedFuture;
    Function<RuntimeException, Future<Result>> thrown =
        exception -> {
          throw exception;
        };
    return Stream.of(CacheApi.GET.local(), CacheApi.GET.cluster())
        .flatMap(
            address ->
                Stream.of(
                    Arguments.of(address, Named.of("failed", failed)),
                    Arguments.of(address, Named.of("thrown", thrown))));
  }

  private Future<Result> ask(Address<Get, Result> address, Function<Get, Future<Result>> handler) {
    bus.serve(address, handler).await();
    return bus.requester(address, LONG).request(GET);
  }

  @Test
  void serve_whenTheAddressIsLocal_passesTheInstancesThemselves() {
    List<Get> received = new ArrayList<>();

    Result reply =
        ask(
                CacheApi.GET.local(),
                get -> {
                  received.add(get);
                  return Future.succeededFuture(RESULT);
                })
            .await();

    assertThat(reply).isSameAs(RESULT);
    assertThat(received).singleElement().isSameAs(GET);
  }

  @Test
  void serve_whenTheAddressIsOfTheCluster_passesEqualMessagesAndTheirHeaders() {
    List<Get> received = new ArrayList<>();

    Result reply =
        ask(
                CacheApi.GET.cluster(),
                get -> {
                  received.add(get);
                  return Future.succeededFuture(RESULT);
                })
            .await();

    assertThat(reply).isEqualTo(RESULT).isNotSameAs(RESULT);
    assertThat(received).singleElement().isEqualTo(GET).isNotSameAs(GET);
  }

  @ParameterizedTest
  @MethodSource("failures")
  void serve_whenTheHandlerRefuses_tellsTheRequesterTheSame(
      Address<Get, Result> address, Function<RuntimeException, Future<Result>> fail) {
    FailureException refusal = Failure.WRONG_TYPE.because("it is a list");

    assertFails(ask(address, get -> fail.apply(refusal)), Failure.WRONG_TYPE, "it is a list");
  }

  @ParameterizedTest
  @MethodSource("failures")
  void serve_whenTheHandlerFailsByABug_doesNotTellWhich(
      Address<Get, Result> address, Function<RuntimeException, Future<Result>> fail) {
    RuntimeException bug = new IllegalStateException("secret");

    assertFails(
        ask(address, get -> fail.apply(bug)),
        Failure.INTERNAL,
        "this is a bug; the log of the node tells more");
  }

  static Stream<Object> malformedBodies() {
    return Stream.of(
        "text",
        1,
        new JsonObject(),
        new JsonObject().put("computation", "fib"),
        new JsonObject().put("computation", "fib").put("input", 10));
  }

  @ParameterizedTest
  @MethodSource("malformedBodies")
  void serve_whenTheBodyIsMalformed_isInvalidAndNotHandled(Object body) {
    AtomicBoolean handled = new AtomicBoolean();
    bus.serve(
            CacheApi.GET.cluster(),
            get -> {
              handled.set(true);
              return Future.succeededFuture(RESULT);
            })
        .await();

    assertThatExceptionOfType(ReplyException.class)
        .isThrownBy(() -> vertx.eventBus().request(CacheApi.GET.cluster().name(), body).await())
        .returns(Failure.INVALID.code(), ReplyException::failureCode);
    assertThat(handled).isFalse();
  }

  static Stream<Object> undecodableBodies() {
    return Stream.of(Buffer.buffer("{"), new byte[] {1}, new JsonArray());
  }

  @ParameterizedTest
  @MethodSource("undecodableBodies")
  void serve_whenTheBodyIsOfAnotherType_isInvalid(Object body) {
    bus.serve(CacheApi.GET.cluster(), get -> Future.succeededFuture(RESULT)).await();

    assertThatExceptionOfType(ReplyException.class)
        .isThrownBy(() -> vertx.eventBus().request(CacheApi.GET.cluster().name(), body).await())
        .returns(Failure.INVALID.code(), ReplyException::failureCode);
  }

  @Test
  void serve_whenTooManyRequestsOfTheClusterAreBeingAnswered_refusesTheNext() {
    Promise<Result> answer = Promise.promise();
    Address<Get, Result> address = CacheApi.GET.cluster();
    bus.serve(address, get -> answer.future()).await();
    Requester<Get, Result> requester = bus.requester(address, LONG);
    List<Future<Result>> taken =
        Stream.generate(() -> requester.request(GET)).limit(Bus.MAX_SERVED).toList();

    assertFails(
        requester.request(GET), Failure.OVERLOADED, "too many requests to recall.v1.cache.get");

    answer.complete(RESULT);
    assertThat(Future.all(taken).await().size()).isEqualTo(Bus.MAX_SERVED);
    assertThat(requester.request(GET).await()).isEqualTo(RESULT);
  }

  private static void assertFails(Future<?> future, Failure failure, String detail) {
    assertThatExceptionOfType(FailureException.class)
        .isThrownBy(future::await)
        .returns(failure, FailureException::failure)
        .returns(detail, FailureException::detail);
  }
}
