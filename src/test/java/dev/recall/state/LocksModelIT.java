package dev.recall.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recall.api.LockApi.Acquire;
import dev.recall.api.LockApi.Break;
import dev.recall.api.LockApi.Held;
import dev.recall.api.LockApi.Release;
import dev.recall.api.LockApi.Renew;
import dev.recall.failure.Failure;
import dev.recall.redis.LockStore;
import dev.recall.state.LocksModel.Hold;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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

/** Locks in a real Redis do what the model says, whatever is asked, one after the other. */
class LocksModelIT {

  private final Contents redis = new Contents();
  private final StateLoop<Locks> loop =
      new StateLoop<>(
          (vertx, store, parts) ->
              new Locks(
                  vertx,
                  new LockStore(store),
                  parts.queues(),
                  parts.keyWaits(),
                  parts.tokens(),
                  System::nanoTime));
  private LocksModel model = new LocksModel();

  @AfterProperty
  void close() {
    loop.close();
    redis.close();
  }

  /** What happens next. */
  private interface Step {
    void run(LocksModelIT test);
  }

  /** With whose token. */
  private enum Who {
    LAST,
    LAST_BUT_ONE,
    OF_THE_OTHER_LOCK,
    STRANGER
  }

  private record Acquires(String name, Duration ttl) implements Step {
    @Override
    public void run(LocksModelIT test) {
      Optional<Failure> reason = test.model.reasonAgainstAcquire(name);
      Answer<Held> answer = test.ask(locks -> locks.acquire(new Acquire(name, ttl, Duration.ZERO)));
      assertThat(answer.failure()).isEqualTo(reason);
      if (reason.isPresent()) {
        assertThat(answer.retryAfter()).isPositive();
        test.model
            .left(test.hold(name))
            .ifPresent(left -> assertThat(answer.retryAfter()).isLessThanOrEqualTo(left));
      } else {
        Held held = answer.value().orElseThrow();
        assertThat(held).isEqualTo(test.model.acquire(name, held.token(), ttl));
      }
    }
  }

  private record Renews(String name, Who who, Duration ttl) implements Step {
    @Override
    public void run(LocksModelIT test) {
      String token = test.token(name, who);
      assertThat(test.ask(locks -> locks.renew(new Renew(name, token, ttl))))
          .isEqualTo(test.model.renew(name, token, ttl));
    }
  }

  private record Releases(String name, Who who) implements Step {
    @Override
    public void run(LocksModelIT test) {
      String token = test.token(name, who);
      assertThat(test.ask(locks -> locks.release(new Release(name, token))))
          .isEqualTo(test.model.release(name, token));
    }
  }

  private record Breaks(String name) implements Step {
    @Override
    public void run(LocksModelIT test) {
      assertThat(test.ask(locks -> locks.breakLock(new Break(name))))
          .isEqualTo(test.model.breakLock(name));
    }
  }

  private record Expires(String name, boolean atOnce) implements Step {
    @Override
    public void run(LocksModelIT test) {
      if (atOnce) {
        test.redis.cli().run("DEL", "lock:" + name);
      } else {
        test.redis.cli().run("PEXPIRE", "lock:" + name, "0");
      }
      test.model.expire(name);
    }
  }

  private record TimePasses(Duration time) implements Step {
    @Override
    public void run(LocksModelIT test) {
      test.redis.pass(time);
      test.model.pass(time);
    }
  }

  /** Another program writes a hash that has nothing to do with locks. */
  private record AnotherWrites(String name) implements Step {
    @Override
    public void run(LocksModelIT test) {
      test.redis.cli().run("DEL", "lock:" + name);
      test.redis.cli().run("HSET", "lock:" + name, "x", "1");
      test.model.occupy(name);
    }
  }

  @Property(tries = 120)
  @StatisticsReport(StatisticsReport.StatisticsReportMode.OFF)
  void locks_whateverHappens_answerAndKeepWhatTheModelSays(@ForAll("steps") List<Step> steps) {
    model = new LocksModel();
    ModelSteps.follow(redis, steps, step -> step.run(this), this::assertRedisIsAsTheModel);

    ModelSteps.assertSeen(50, "DONE", "LOCK_HELD", "LOCK_LOST");
  }

  private <T> Answer<T> ask(Function<Locks, Future<T>> question) {
    String before = redis.digest();
    Answer<T> answer = loop.ask(question);
    ModelSteps.saw(answer);
    if (answer.failure().isPresent()) {
      assertThat(redis.digest()).isEqualTo(before);
    }
    return answer;
  }

  private void assertRedisIsAsTheModel() {
    Set<String> keys = new HashSet<>();
    model
        .holds()
        .forEach(
            (name, hold) -> {
              String key = "lock:" + name;
              keys.add(key);
              assertThat(redis.field(key, "token")).isEqualTo(hold.token().orElse("(nil)"));
              redis.assertLives(key, model.left(hold));
            });
    model
        .fences()
        .forEach(
            (name, issued) -> {
              String key = "fence:" + name;
              keys.add(key);
              assertThat(redis.field(key, "issued")).isEqualTo(issued.toString());
              redis.assertLives(key, Optional.empty());
            });
    assertThat(redis.keys()).isEqualTo(keys);
  }

  private Hold hold(String name) {
    return Optional.ofNullable(model.holds().get(name)).orElseThrow();
  }

  private String token(String name, Who who) {
    return switch (who) {
      case LAST -> fromEnd(model.tokens(name), 1);
      case LAST_BUT_ONE -> fromEnd(model.tokens(name), 2);
      case OF_THE_OTHER_LOCK -> fromEnd(model.tokens(name.equals("a") ? "b" : "a"), 1);
      case STRANGER -> "";
    };
  }

  private static String fromEnd(List<String> tokens, int place) {
    return tokens.size() < place ? "never given" : tokens.get(tokens.size() - place);
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<String> names = Arbitraries.of("a", "b");
    Arbitrary<Duration> ttls = Arbitraries.of(Duration.ofMinutes(5), Duration.ofHours(24));
    Arbitrary<Who> who =
        Arbitraries.frequency(
            Tuple.of(6, Who.LAST),
            Tuple.of(2, Who.LAST_BUT_ONE),
            Tuple.of(1, Who.OF_THE_OTHER_LOCK),
            Tuple.of(1, Who.STRANGER));
    return Arbitraries.<Step>frequencyOf(
            Tuple.of(8, Combinators.combine(names, ttls).as(Acquires::new)),
            Tuple.of(5, Combinators.combine(names, who, ttls).as(Renews::new)),
            Tuple.of(5, Combinators.combine(names, who).as(Releases::new)),
            Tuple.of(1, names.map(Breaks::new)),
            Tuple.of(2, Combinators.combine(names, Arbitraries.of(true, false)).as(Expires::new)),
            Tuple.of(
                2, Arbitraries.of(Duration.ofMinutes(2), Duration.ofHours(7)).map(TimePasses::new)),
            Tuple.of(1, names.map(AnotherWrites::new)))
        .list()
        .ofMaxSize(50)
        .withSizeDistribution(RandomDistribution.uniform());
  }
}
