package dev.recall.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recall.api.CacheManyApi.Answer;
import dev.recall.api.CacheManyApi.GetMany;
import dev.recall.api.CacheManyApi.Refused;
import dev.recall.bus.Bus;
import dev.recall.bus.BusMeters;
import dev.recall.bus.BusParts;
import dev.recall.config.Budget;
import dev.recall.config.Deadlines;
import dev.recall.config.Settings;
import dev.recall.failure.Failure;
import dev.recall.redis.link.RedisServer;
import dev.recall.redis.link.RedisStore;
import dev.recall.registry.Definitions;
import dev.recall.registry.Lenders;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ManyResultsTest {

  private static final Budget BUDGET = new Budget(1L << 28, 1L << 26, 0, 20_000);

  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() {
    vertx.close().await();
  }

  @Test
  void get_whenAComputationHasABug_refusesThatInputAgainAndAgain() {
    Policy buggy =
        new Policy(
            "buggy",
            new Freshness(Duration.ofMinutes(1), Duration.ZERO, 0, 0, Duration.ofSeconds(1)),
            input -> {
              throw new IllegalStateException("a bug");
            },
            text -> true);
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    RedisServer nowhere =
        new RedisServer(
            () -> "redis://127.0.0.1:1",
            Deadlines.of(Duration.ofSeconds(5)),
            System::nanoTime,
            System::currentTimeMillis,
            new SplittableRandom(),
            registry);
    CacheParts parts =
        CacheParts.of(
            vertx,
            "node",
            List.of(buggy),
            new Definitions(Map.of(), new Lenders(System::nanoTime)),
            new Settings.Cache(
                new Settings.Near(0, Duration.ofMinutes(1)),
                Duration.ofSeconds(5),
                0,
                0,
                Duration.ZERO,
                Duration.ofSeconds(1)),
            nowhere.proof(),
            BUDGET,
            System::nanoTime,
            new SecureRandom(),
            registry);
    ManyResults many =
        CacheEngine.of(
                vertx,
                parts,
                new RedisStore(vertx, nowhere),
                new Bus(
                    vertx,
                    new BusParts(new BusMeters(new SimpleMeterRegistry()), System::nanoTime)),
                Duration.ofSeconds(5),
                Duration.ofSeconds(1),
                System::nanoTime,
                new SplittableRandom())
            .many();

    for (int i = 0; i < 20; i++) {
      List<Answer> answers = many.get(new GetMany("buggy", List.of("1"))).await().answers();

      assertThat(answers).hasSize(1);
      assertThat(((Refused) answers.get(0)).failure().failure()).isEqualTo(Failure.INTERNAL);
    }
  }
}
