package dev.recall.origin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recall.api.ComputeApi.Made;
import dev.recall.config.Definition;
import dev.recall.config.Networks;
import dev.recall.config.read.DefinitionReader;
import dev.recall.failure.FailureException;
import dev.recall.registry.Definitions;
import dev.recall.registry.Lenders;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.PoolOptions;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;

/** Calls of a real origin over few connections, on an event loop, with a clock that is driven. */
class OnCalls {

  /** How many bytes of answers may be on their way. */
  static final long MAX_HELD = 1_000;

  private static final Duration LONG = Duration.ofSeconds(10);

  final Vertx vertx;
  final ScriptedOrigin origin = new ScriptedOrigin("0.0.0.0");
  final DrivenClock clock = new DrivenClock();
  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  final Origins origins =
      new Origins(
          new Definitions(Map.of(), new Lenders(System::nanoTime)),
          new Networks("127.0.0.1"),
          MAX_HELD,
          clock,
          clock::nanoTime,
          meters);
  private final Context context;
  private final HttpClient client;

  /**
   * Calls on an event loop.
   *
   * @param connections how many there may be to the origin
   */
  OnCalls(Vertx vertx, int connections) {
    this.vertx = vertx;
    context = vertx.getOrCreateContext();
    client = vertx.createHttpClient(new PoolOptions().setHttp1MaxSize(connections));
  }

  @AfterEach
  void close() {
    origin.close();
    vertx.close().await();
  }

  /** The origin of a computation, not known yet. */
  Origin defined(String host, boolean isChecked, String... pairs) {
    Map<String, String> texts = new HashMap<>();
    texts.put("url", "http://" + host + ":" + origin.port() + "/{input}");
    texts.put("ttl", "60s");
    for (int i = 0; i < pairs.length; i += 2) {
      texts.put(pairs[i], pairs[i + 1]);
    }
    Definition definition = DefinitionReader.read(texts);
    return new Origin(
        "shop", definition, isChecked, clock, clock::nanoTime, new OriginMeters(meters, "shop"));
  }

  Origin defined(String... pairs) {
    return defined("127.0.0.1", false, pairs);
  }

  Future<Made> ask(Origin of, String input) {
    return ask(of, input, LONG);
  }

  Future<Made> ask(Origin of, String input, Duration timeout) {
    Promise<Made> told = Promise.promise();
    context.runOnContext(
        turn ->
            of.ask(() -> new Call(vertx, client, origins, of, input, "id", timeout))
                .onComplete(told));
    return told.future();
  }

  /** What came of it, in a line. */
  static String told(Future<Made> asked) {
    try {
      Made made = asked.await(10, TimeUnit.SECONDS);
      return made.result() + (made.ttlMs().isPresent() ? " " + made.ttlMs().getAsLong() : "");
    } catch (FailureException failure) {
      return failure.failure() + " " + failure.detail();
    } catch (TimeoutException late) {
      throw new AssertionError(late);
    }
  }

  /** How long it is to be remembered. */
  static Duration wait(Future<Made> asked) {
    told(asked);
    assertThat(asked.cause()).isInstanceOf(FailureException.class);
    return ((FailureException) asked.cause()).retryAfter();
  }
}
