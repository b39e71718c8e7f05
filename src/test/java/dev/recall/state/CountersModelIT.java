package dev.recall.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recall.api.CounterApi.Add;
import dev.recall.api.CounterApi.Delete;
import dev.recall.api.CounterApi.Get;
import dev.recall.redis.CounterStore;
import dev.recall.state.CountersModel.Kept;
import dev.recall.state.CountersModel.OtherType;
import dev.recall.state.CountersModel.Text;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.statistics.StatisticsReport;

/** Counters in a real Redis do what the model says, whatever is asked, one after the other. */
class CountersModelIT {

  private final Contents redis = new Contents();
  private final StateLoop<Counters> loop =
      new StateLoop<>(
          (vertx, store, parts) ->
              new Counters(new CounterStore(store), CountersModel.DEFAULT_TTL));
  private CountersModel model = new CountersModel();

  @AfterProperty
  void close() {
    loop.close();
    redis.close();
  }

  /** What happens next. */
  private interface Step {
    void run(CountersModelIT test);
  }

  private record Adds(Add ask) implements Step {
    @Override
    public void run(CountersModelIT test) {
      test.check(test.model.add(ask), counters -> counters.add(ask));
    }
  }

  private record Gets(Get ask) implements Step {
    @Override
    public void run(CountersModelIT test) {
      test.check(test.model.get(ask), counters -> counters.get(ask));
    }
  }

  private record Deletes(Delete ask) implements Step {
    @Override
    public void run(CountersModelIT test) {
      test.check(test.model.delete(ask), counters -> counters.delete(ask));
    }
  }

  private record TimePasses(Duration time) implements Step {
    @Override
    public void run(CountersModelIT test) {
      test.redis.pass(time);
      test.model.pass(time);
    }
  }

  /** Another program writes a string, which lives for ever. */
  private record AnotherWrites(String key, String text) implements Step {
    @Override
    public void run(CountersModelIT test) {
      test.redis.cli().run("SET", key, text);
      test.model.put(key, new Text(text), Optional.empty());
    }
  }

  private record AnotherPushes(String key) implements Step {
    @Override
    public void run(CountersModelIT test) {
      test.redis.cli().run("DEL", key);
      test.redis.cli().run("RPUSH", key, "1");
      test.model.put(key, new OtherType(), Optional.empty());
    }
  }

  @Property(tries = 100)
  @StatisticsReport(StatisticsReport.StatisticsReportMode.OFF)
  void counters_whateverHappens_answerAndKeepWhatTheModelSays(@ForAll("steps") List<Step> steps) {
    model = new CountersModel();
    ModelSteps.follow(redis, steps, step -> step.run(this), this::assertRedisIsAsTheModel);

    ModelSteps.assertSeen(20, "DONE", "COUNTER_OVERFLOW", "WRONG_TYPE", "IDEMPOTENCY_KEY_REUSED");
  }

  private <T> void check(Answer<T> expected, Function<Counters, Future<T>> question) {
    Answer<T> answer = loop.ask(question);
    ModelSteps.saw(answer);
    assertThat(answer).isEqualTo(expected);
  }

  private void assertRedisIsAsTheModel() {
    assertThat(redis.keys()).isEqualTo(model.entries().keySet());
    model
        .entries()
        .forEach(
            (key, entry) -> {
              if (entry.content() instanceof Text text) {
                assertThat(redis.cli().run("GET", key)).isEqualTo(text.text());
              } else if (entry.content() instanceof Kept kept) {
                assertThat(redis.field(key, "answer")).isEqualTo(Long.toString(kept.answer()));
              } else {
                assertThat(redis.cli().run("LRANGE", key, "0", "-1")).isEqualTo("[1]");
              }
              redis.assertLives(key, model.left(entry));
            });
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<String> ids = Arbitraries.of("a", "b");
    Arbitrary<String> idempotencyKeys = Arbitraries.of("k", "l");
    Arbitrary<Long> addends =
        Arbitraries.frequencyOf(
            Tuple.of(4, Arbitraries.longs().between(-1, 2)),
            Tuple.of(
                2,
                Arbitraries.of(
                    Long.MAX_VALUE,
                    Long.MAX_VALUE - 1,
                    Long.MIN_VALUE,
                    Long.MIN_VALUE + 1,
                    1L << 53,
                    (1L << 53) + 1,
                    -(1L << 53) - 1,
                    1L << 62)),
            Tuple.of(1, Arbitraries.longs()));
    Arbitrary<Duration> ttls = Arbitraries.of(Duration.ofMinutes(10), Duration.ofDays(365));
    Arbitrary<Step> adds =
        Combinators.combine(ids, addends, ttls.optional(0.5), idempotencyKeys.optional(0.5))
            .as(Add::new)
            .map(Adds::new);
    Arbitrary<String> numbers = Arbitraries.of("41", "-7", "9223372036854775807", "0");
    Arbitrary<String> garbage =
        Arbitraries.of(
            "", "abc", "007", "1.5", " 1", "1 ", "+1", "-0", "-", "1e3", "9223372036854775808");
    Arbitrary<String> keys = ids.map(CountersModel::key);
    Arbitrary<String> answerKeys =
        Combinators.combine(ids, idempotencyKeys).as(CountersModel::answerKey);
    return Arbitraries.<Step>frequencyOf(
            Tuple.of(12, adds),
            Tuple.of(4, ids.map(Get::new).map(Gets::new)),
            Tuple.of(3, ids.map(Delete::new).map(Deletes::new)),
            Tuple.of(
                2,
                Arbitraries.of(Duration.ofMinutes(4), Duration.ofHours(13)).map(TimePasses::new)),
            Tuple.of(1, Combinators.combine(keys, numbers).as(AnotherWrites::new)),
            Tuple.of(1, Combinators.combine(keys, garbage).as(AnotherWrites::new)),
            Tuple.of(1, Arbitraries.oneOf(keys, answerKeys).map(AnotherPushes::new)))
        .list()
        .ofMaxSize(50)
        .withSizeDistribution(RandomDistribution.uniform());
  }
}
