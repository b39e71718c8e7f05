package dev.recall.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recall.api.RateApi.Take;
import dev.recall.api.RateApi.Taken;
import dev.recall.config.Rate;
import dev.recall.config.RouteGroups;
import dev.recall.config.Settings.RateLimit;
import dev.recall.failure.Failure;
import dev.recall.redis.RateStore;
import dev.recall.redis.RateStore.Reading;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.statistics.Statistics;
import net.jqwik.api.statistics.StatisticsReport;

/**
 * Rate limits in a real Redis, and those of a node alone, do what the model says, whatever is
 * taken. The rates are so slow that nothing comes back while the test runs: it moves time itself.
 */
class RateLimitsModelIT {

  /** By so much less has one to wait, since in Redis the time of the test passes, too. */
  private static final long LAG_MS = 30_000;

  private static final Map<String, RateLimit> LIMITS =
      Map.of(
          "slow", limit("10/day burst 5"),
          "slower", limit("1/day burst 1"),
          "wide", limit("24/day burst 24"));

  private static final String MOVE =
      """
      local back = redis.pcall('GET', KEYS[1])
      if type(back) ~= 'string' or not tonumber(back) then
        return 0
      end
      local left = redis.call('PTTL', KEYS[1]) - ARGV[1] / 1000
      if left <= 0 then
        return redis.call('DEL', KEYS[1])
      end
      return redis.call(
          'SET', KEYS[1], string.format('%.0f', back - ARGV[1]), 'PX', math.ceil(left))
      """;

  private final Contents redis = new Contents();
  private final AtomicLong nanos = new AtomicLong();
  private final StateLoop<RateLimits> loop =
      new StateLoop<>(
          (vertx, store, parts) ->
              new RateLimits(new RateStore(store), LIMITS, parts.localRates(), parts.meters()));
  private String name = "slow";
  private Rate rate = rate(name);
  private RatesModel model = new RatesModel(rate);
  private LocalRates local = new LocalRates(nanos::get);
  private final Set<String> apart = new HashSet<>();

  private static RateLimit limit(String rate) {
    return new RateLimit(new Rate(rate), new RouteGroups(Set.of()));
  }

  private static Rate rate(String name) {
    return Optional.ofNullable(LIMITS.get(name)).orElseThrow().limit();
  }

  @AfterProperty
  void close() {
    loop.close();
    redis.close();
  }

  /** What happens next. */
  private interface Step {
    void run(RateLimitsModelIT test);
  }

  /** How much is taken. */
  private enum Cost {
    ONE,
    TWO,
    ALL_BUT_ONE,
    ALL,
    MORE_THAN_ALL,
    NONE
  }

  private record Takes(String caller, Cost cost) implements Step {
    @Override
    public void run(RateLimitsModelIT test) {
      int cost = test.number(this.cost);
      Answer<Taken> answer =
          test.loop.ask(limits -> limits.take(new Take(test.name, caller, cost)));
      if (cost < 1 || cost > test.rate.burst()) {
        assertThat(answer.failure()).contains(Failure.INVALID);
      } else {
        test.assertTaken(answer, caller, cost);
      }
    }
  }

  /** A quarter of the time in which one comes back, so many times. */
  private record QuartersPass(int quarters) implements Step {
    @Override
    public void run(RateLimitsModelIT test) {
      long micros = test.rate.intervalMicros() / 4 * quarters;
      for (String caller : CALLERS) {
        test.redis.cli().run("EVAL", MOVE, "1", test.key(caller), Long.toString(micros));
      }
      test.nanos.addAndGet(micros * 1000);
      test.model.pass(Duration.ofNanos(micros * 1000));
    }
  }

  /** Another program writes what is no time: the caller begins anew. */
  private record AnotherWrites(String caller, List<String> command) implements Step {
    @Override
    public void run(RateLimitsModelIT test) {
      test.redis.cli().run("DEL", test.key(caller));
      test.redis.cli().run(command.get(0), arguments(test.key(caller)));
      test.model.empty(caller);
      test.apart.add(caller);
    }

    private String[] arguments(String key) {
      String[] arguments = command.toArray(new String[0]);
      arguments[0] = key;
      return arguments;
    }
  }

  private static final List<String> CALLERS = List.of("a", "b");

  @Property(tries = 120)
  @StatisticsReport(StatisticsReport.StatisticsReportMode.OFF)
  void rateLimits_whateverHappens_answerWhatTheModelSaysInRedisAndAlone(
      @ForAll("limits") String limit, @ForAll("steps") List<Step> steps) {
    name = limit;
    rate = rate(limit);
    model = new RatesModel(rate);
    nanos.set(-rate.period().toNanos()); // System.nanoTime() may be negative, too
    local = new LocalRates(nanos::get);
    apart.clear();
    redis.clear();

    for (Step step : steps) {
      step.run(this);
    }

    Statistics.label("allowed")
        .coverage(
            seen -> {
              seen.check(true).count(times -> times > 100);
              seen.check(false).count(times -> times > 100);
            });
  }

  private void assertTaken(Answer<Taken> answer, String caller, int cost) {
    long before = model.levelMicros(caller);
    Taken expected = model.take(caller, cost);
    Taken taken = answer.value().orElseThrow();
    Statistics.label("allowed").collect(taken.allowed());
    assertThat(taken.allowed()).isEqualTo(expected.allowed());
    assertThat(taken.remaining()).isEqualTo(expected.remaining());
    assertThat(taken.resetMs()).isBetween(expected.resetMs() - LAG_MS, expected.resetMs());
    assertThat(taken.retryAfterMs())
        .isBetween(
            Math.min(expected.retryAfterMs(), Math.max(1, expected.retryAfterMs() - LAG_MS)),
            expected.retryAfterMs());
    if (taken.allowed()) {
      redis.assertLives(key(caller), Optional.of(Duration.ofMillis(expected.resetMs())));
    }
    if (!apart.contains(caller)) {
      assertThat(local.take(name, caller, rate, cost))
          .isEqualTo(
              new Reading(
                  expected.allowed(),
                  expected.allowed() ? before + cost * rate.intervalMicros() : before));
    }
  }

  private int number(Cost cost) {
    return switch (cost) {
      case ONE -> 1;
      case TWO -> 2;
      case ALL_BUT_ONE -> rate.burst() - 1;
      case ALL -> rate.burst();
      case MORE_THAN_ALL -> rate.burst() + 1;
      case NONE -> 0;
    };
  }

  private String key(String caller) {
    return "rate:" + name + ":" + caller;
  }

  @Provide
  Arbitrary<String> limits() {
    return Arbitraries.of(LIMITS.keySet());
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<String> callers = Arbitraries.of(CALLERS);
    Arbitrary<Cost> costs =
        Arbitraries.frequency(
            Tuple.of(12, Cost.ONE),
            Tuple.of(4, Cost.TWO),
            Tuple.of(2, Cost.ALL_BUT_ONE),
            Tuple.of(2, Cost.ALL),
            Tuple.of(1, Cost.MORE_THAN_ALL),
            Tuple.of(1, Cost.NONE));
    Arbitrary<List<String>> noTimes =
        Arbitraries.of(
            List.of("SET", ""),
            List.of("SET", "abc"),
            List.of("SET", "-5"),
            List.of("RPUSH", "1"),
            List.of("SADD", "1"));
    return Arbitraries.<Step>frequencyOf(
            Tuple.of(12, Combinators.combine(callers, costs).as(Takes::new)),
            Tuple.of(5, Arbitraries.of(1, 2, 3, 4, 5, 40).map(QuartersPass::new)),
            Tuple.of(1, Combinators.combine(callers, noTimes).as(AnotherWrites::new)))
        .list()
        .ofMaxSize(50)
        .withSizeDistribution(RandomDistribution.uniform());
  }
}
