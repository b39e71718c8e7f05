package dev.recall.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import dev.recall.testing.LoopbackPort;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Results that are remembered, both ways. */
@ParameterizedClass
@EnumSource(Way.class)
class RememberIT extends OnNode {

  private static final Remembering REPORT = Remembering.of("report");
  private static final Duration LEASE = Duration.ofMillis(900);

  private final AtomicInteger made = new AtomicInteger();

  RememberIT(Way way) {
    super(way);
  }

  private Supplier<Future<String>> making(String result) {
    return () -> {
      made.incrementAndGet();
      return Future.succeededFuture(result);
    };
  }

  private Supplier<Future<String>> failing(Throwable why) {
    return () -> {
      made.incrementAndGet();
      return Future.failedFuture(why);
    };
  }

  private RecallClient another() {
    return another(ClientOptions.DEFAULT);
  }

  @Test
  void remember_whenItWasMade_isNotMadeAgain() {
    assertThat(got(client.remember("report", "é 1", making("made")))).isEqualTo("made");
    assertThat(got(another().remember("report", "é 1", making("again")))).isEqualTo("made");

    assertThat(made).hasValue(1);
    assertThat(redis.run("GET", "report:é 1")).isEqualTo("made");
  }

  @Test
  void remember_whenManyAskAtOnce_isMadeOnce() {
    Promise<String> result = Promise.promise();
    List<Future<String>> all = new ArrayList<>();
    IntStream.range(0, 20)
        .forEach(
            i ->
                all.add(
                    another()
                        .remember(
                            "report",
                            "x",
                            () -> {
                              made.incrementAndGet();
                              return result.future();
                            })));
    await().until(() -> made.get() == 1);

    result.complete("made");

    assertThat(all).allSatisfy(each -> assertThat(got(each)).isEqualTo("made"));
    assertThat(made).hasValue(1);
  }

  @Test
  void remember_whenItsMakerWorksForLong_renewsItsLease() {
    Promise<String> result = Promise.promise();
    Future<String> first =
        client.remember(
            REPORT.lease(LEASE),
            "x",
            () -> {
              made.incrementAndGet();
              return result.future();
            });
    await().until(() -> made.get() == 1);

    // Others see it renewed more often than it could live.
    for (int renewal = 0; renewal < 4; renewal++) {
      await().pollInterval(Duration.ofMillis(5)).until(() -> left() < LEASE.toMillis() * 3 / 4);
      await().pollInterval(Duration.ofMillis(5)).until(() -> left() > LEASE.toMillis() * 3 / 4);
    }
    Future<String> second = another().remember(REPORT.lease(LEASE), "x", making("again"));
    result.complete("made");

    assertThat(got(first)).isEqualTo("made");
    assertThat(got(second)).isEqualTo("made");
    assertThat(made).hasValue(1);
  }

  @Test
  void remember_whenItsMakerHasDied_isMadeByTheNext() {
    // Somebody takes the lease and is not heard of any more.
    assertThat(node.sendJson("POST", "/v1/leases/report/x", "{\"ttl_ms\":300}").statusCode())
        .isEqualTo(201);

    assertThat(got(client.remember("report", "x", making("made")))).isEqualTo("made");

    assertThat(redis.run("GET", "report:x")).isEqualTo("made");
  }

  @Test
  void remember_whenItsMakerTakesLongerThanOneWaits_isMadeByHim() {
    node.sendJson("POST", "/v1/leases/report/x", "{\"ttl_ms\":60000}");

    assertThat(
            got(client.remember(REPORT.waitAtMost(Duration.ofMillis(100)), "x", making("my own"))))
        .isEqualTo("my own");

    assertThat(redis.run("EXISTS", "report:x")).isEqualTo("0");
  }

  @Test
  void remember_whenItsMakerFails_failsLikeHimAndIsMadeByTheNext() {
    IllegalStateException broken = new IllegalStateException("broken");

    Future<String> failed = client.remember("report", "x", failing(broken));
    await().until(failed::isComplete);

    assertThat(failed.cause()).isSameAs(broken);
    assertThat(redis.run("EXISTS", "lease:{report:x}")).isEqualTo("0");
    assertThat(got(another().remember("report", "x", making("made")))).isEqualTo("made");
    assertThat(made).hasValue(2);
  }

  @Test
  void remember_whenItsMakerThrows_failsLikeHimAndIsMadeByTheNext() {
    Future<String> failed =
        client.remember(
            "report",
            "x",
            () -> {
              throw new IllegalStateException("broken");
            });
    await().until(failed::isComplete);

    assertThat(failed.cause()).hasMessage("broken");
    assertThat(redis.run("EXISTS", "lease:{report:x}")).isEqualTo("0");
    assertThat(got(another().remember("report", "x", making("made")))).isEqualTo("made");
  }

  @Test
  void remember_whenItsMakerSaysThatThereIsNone_saysSoToAllAndDoesNotAskAgain() {
    FailureException none = Failure.NO_SUCH_RESULT.because("sold out é😀");

    assertFails(client.remember("report", "x", failing(none)), Failure.NO_SUCH_RESULT);

    FailureException told =
        assertFails(another().remember("report", "x", making("made")), Failure.NO_SUCH_RESULT);
    assertThat(told.detail()).isEqualTo("sold out é😀");
    assertThat(made).hasValue(1);
    assertThat(got(client.results().get("report", "x"))).isEmpty();
  }

  @Test
  void remember_whenItsMakerAsksForPatience_saysSoToAllForSoLong() {
    FailureException later = Failure.TRY_LATER.because("busy").retryAfter(Duration.ofSeconds(2));

    assertFails(client.remember("report", "x", failing(later)), Failure.TRY_LATER);

    assertFails(another().remember("report", "x", making("made")), Failure.TRY_LATER);
    assertThat(made).hasValue(1);
    await()
        .until(
            () -> got(client.remember("report", "x", making("made")).otherwise("later")),
            "made"::equals);
  }

  @Test
  void remember_whenItsResultIsNull_isNotRemembered() {
    assertThat(got(client.remember("report", "x", () -> Future.succeededFuture()))).isNull();

    assertThat(redis.run("EXISTS", "lease:{report:x}", "report:x")).isEqualTo("0");
  }

  @Test
  void remember_ofAComputationThatNobodyKnows_isDefinedWhereItHasATtl() {
    Remembering what =
        Remembering.of(way == Way.BUS ? "freshbus" : "freshhttp").ttl(Duration.ofSeconds(90));

    List<Future<String>> all =
        IntStream.range(0, 5).mapToObj(i -> client.remember(what, "x", making("made"))).toList();

    assertThat(all).allSatisfy(each -> assertThat(got(each)).isEqualTo("made"));
    assertThat(made).hasValue(1);
    assertThat(redis.number("TTL", what.computation() + ":x")).isPositive();
  }

  @Test
  void remember_ofWhatRecallRefuses_isMadeEachTime() {
    assertThat(got(client.remember("nobody", "x", making("made")))).isEqualTo("made");
    assertThat(got(client.remember("fib", "10", making("made")))).isEqualTo("made");
    assertThat(got(client.remember("report", "", making("made")))).isEqualTo("made");

    assertThat(made).hasValue(3);
  }

  @Test
  void close_givesLeasesBackWhoseMakersStillWork() {
    Promise<String> result = Promise.promise();
    Future<String> slow =
        client.remember(
            "report",
            "x",
            () -> {
              made.incrementAndGet();
              return result.future();
            });
    await().until(() -> made.get() == 1);

    got(client.close());

    assertThat(got(another().remember("report", "x", making("made")))).isEqualTo("made");
    result.complete("too late");
    assertThat(got(slow)).isEqualTo("too late");
    assertThat(redis.run("GET", "report:x")).isEqualTo("made");
  }

  @Test
  void remember_afterTheClientWasClosed_isMadeEachTime() {
    got(client.close());

    assertThat(got(client.remember("report", "x", making("made")))).isEqualTo("made");
  }

  @Test
  void remember_whenNoNodeIsThere_isMadeEachTime() throws IOException {
    RecallClient lonely =
        RecallClient.overHttp(application, URI.create("http://127.0.0.1:" + LoopbackPort.free()));

    assertThat(got(lonely.remember("report", "x", making("made")))).isEqualTo("made");

    got(lonely.close());
  }

  private long left() {
    return redis.number("PTTL", "lease:{report:x}");
  }
}
