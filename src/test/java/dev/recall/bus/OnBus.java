package dev.recall.bus;

import dev.recall.api.CacheApi.Get;
import dev.recall.api.CacheApi.Result;
import dev.recall.api.CacheStatus;
import dev.recall.api.CacheStatus.Level;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A bus for each test, and something to ask and answer. */
class OnBus {

  static final Duration LONG = Duration.ofSeconds(30);
  static final Get GET = new Get("fib", "10");
  static final Result RESULT =
      new Result(
          "fib",
          "10",
          "55",
          Result.digest("55"),
          new CacheStatus(Level.COMPUTED, 1000, 0, false, false, false));

  final Vertx vertx = Vertx.vertx();
  final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  final Bus bus = new Bus(vertx, new BusParts(new BusMeters(registry), System::nanoTime));

  @BeforeEach
  void register() {
    Bus.register(vertx);
  }

  @AfterEach
  void close() {
    vertx.close().await();
  }
}
