package dev.recall.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recall.api.CacheManyApi.Answer;
import dev.recall.api.CacheManyApi.GetMany;
import dev.recall.api.CacheManyApi.Refused;
import dev.recall.bus.Bus;
import dev.recall.config.Budget;
import dev.recall.config.Deadlines;
import dev.recall.config.Settings;
import dev.recall.failure.Failure;
import dev.recall.redis.LeaseStore;
import dev.recall.redis.ResultStore;
import dev.recall.redis.link.RedisServer;
import dev.recall.redis.link.RedisStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
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
    Settings.Cache settings =
        new Settings.Cache(
            new Settings.Near(0, Duration.ofMinutes(1)),
            Duration.ofSeconds(5),
            0,
            0,
            Duration.ZERO,
            Duration.ofSeconds(1));
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    RedisServer nowhere =
        new RedisServer(() -> "redis://127.0.0.1:1", Deadlines.of(Duration.ofSeconds(5)), registry);
    CacheNode node =
        new CacheNode(vertx, "node", List.of(buggy), settings, nowhere.proof(), BUDGET, registry);
    RedisStore redis = new RedisStore(vertx, nowhere);
    ResultStore store = new ResultStore(redis);
    Loader loader = new Loader(new Bus(vertx), node.meters(), Duration.ofSeconds(1), false);
    Leases leases = new Leases(vertx, node, new LeaseStore(redis, node.maxResultBytes()), loader);
    ResultCache cache = new ResultCache(vertx, node, store, leases);
    ManyResults many = new ManyResults(node, store, cache, Duration.ofSeconds(1));

    for (int i = 0; i < 20; i++) {
      List<Answer> answers = many.get(new GetMany("buggy", List.of("1"))).await().answers();

      assertThat(answers).hasSize(1);
      assertThat(((Refused) answers.get(0)).failure().failure()).isEqualTo(Failure.INTERNAL);
    }
  }
}
