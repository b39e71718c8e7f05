package dev.recall.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.recall.api.LockApi.Acquire;
import dev.recall.api.LockApi.Break;
import dev.recall.api.LockApi.Held;
import dev.recall.api.LockApi.Release;
import dev.recall.api.LockApi.Renew;
import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class LockApiTest {

  @ParameterizedTest
  @CsvSource({"PT0.001S, PT0S", "PT24H, PT30S", "PT10S, PT0.001S"})
  void acquire_whenSent_isReadAsItWas(Duration ttl, Duration maxWait) {
    Acquire acquire = new Acquire("job €", ttl, maxWait);

    assertThat(Wire.of(Acquire.FORM, acquire).readAs(Acquire.FORM)).isEqualTo(acquire);
  }

  @Test
  void acquire_whenWritten_hasTheAgreedFields() {
    assertThat(
            Wire.of(
                Acquire.FORM, new Acquire("job", Duration.ofSeconds(10), Duration.ofSeconds(2))))
        .isEqualTo(new Wire("{\"name\":\"job\",\"ttl_ms\":10000,\"wait_ms\":2000}", Map.of()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"name\":\"a\"}", "{\"name\":\"a\",\"ttl_ms\":null,\"wait_ms\":null}"})
  void acquire_whenItDoesNotSayForHowLong_isForTenSecondsAndDoesNotWait(String body) {
    assertThat(Wire.read(Acquire.FORM, body, Map.of()))
        .isEqualTo(new Acquire("a", Duration.ofSeconds(10), Duration.ZERO));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "86400001", "1.5", "\"1\"", "true"})
  void acquire_whenTheTtlIsNotFrom1MsToADay_isInvalid(String ttl) {
    Faults.of(Acquire.FORM, "{\"name\":\"a\",\"ttl_ms\":" + ttl + "}").areIn("ttl_ms");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "30001", "1.5", "\"1\"", "true"})
  void acquire_whenTheWaitIsNotUpTo30Seconds_isInvalid(String wait) {
    Faults.of(Acquire.FORM, "{\"name\":\"a\",\"wait_ms\":" + wait + "}").areIn("wait_ms");
  }

  @Test
  void acquire_whenSeveralFieldsAreAtFault_namesEachOfThem() {
    Faults.of(Acquire.FORM, "{\"ttl_ms\":0,\"wait_ms\":-1,\"ttl\":1}")
        .areIn("name", "ttl_ms", "wait_ms", "ttl");
  }

  @Test
  void renew_whenSent_isReadAsItWas() {
    Renew renew = new Renew("job", "t", Duration.ofMillis(1));

    assertThat(Wire.of(Renew.FORM, renew))
        .isEqualTo(new Wire("{\"name\":\"job\",\"token\":\"t\",\"ttl_ms\":1}", Map.of()));
    assertThat(Wire.of(Renew.FORM, renew).readAs(Renew.FORM)).isEqualTo(renew);
  }

  @Test
  void renew_whenItDoesNotSayForHowLong_isForTenSeconds() {
    assertThat(Wire.read(Renew.FORM, "{\"name\":\"a\",\"token\":\"t\"}", Map.of()))
        .isEqualTo(new Renew("a", "t", Duration.ofSeconds(10)));
  }

  @Test
  void renew_whenSeveralFieldsAreAtFault_namesEachOfThem() {
    Faults.of(Renew.FORM, "{\"name\":\"\",\"token\":1,\"ttl_ms\":86400001,\"wait_ms\":1}")
        .areIn("name", "token", "ttl_ms", "wait_ms");
  }

  @Test
  void release_whenSent_isReadAsItWas() {
    Release release = new Release("job", "t");

    assertThat(Wire.of(Release.FORM, release))
        .isEqualTo(new Wire("{\"name\":\"job\",\"token\":\"t\"}", Map.of()));
    assertThat(Wire.of(Release.FORM, release).readAs(Release.FORM)).isEqualTo(release);
  }

  @Test
  void release_whenSeveralFieldsAreAtFault_namesEachOfThem() {
    Faults.of(Release.FORM, "{\"ttl_ms\":1}").areIn("name", "token", "ttl_ms");
  }

  @Test
  void break_whenSent_isReadAsItWas() {
    Break ask = new Break("job");

    assertThat(Wire.of(Break.FORM, ask)).isEqualTo(new Wire("{\"name\":\"job\"}", Map.of()));
    assertThat(Wire.of(Break.FORM, ask).readAs(Break.FORM)).isEqualTo(ask);
  }

  @Test
  void break_whenSeveralFieldsAreAtFault_namesEachOfThem() {
    Faults.of(Break.FORM, "{\"name\":[],\"token\":\"t\"}").areIn("name", "token");
  }

  static Stream<ThrowingCallable> withoutAKeyName() {
    return Stream.of(
        () -> new Acquire("", Duration.ofSeconds(1), Duration.ZERO),
        () -> new Renew("", "t", Duration.ofSeconds(1)),
        () -> new Release("", "t"),
        () -> new Break(""));
  }

  @ParameterizedTest
  @MethodSource("withoutAKeyName")
  void new_whenTheNameIsNoKeyName_isInvalid(ThrowingCallable making) {
    assertThatExceptionOfType(FailureException.class)
        .isThrownBy(making)
        .returns(Failure.INVALID, FailureException::failure);
  }

  @Test
  void held_whenSent_isReadAsItWas() {
    Held held = new Held("job", "t", Long.MAX_VALUE, 10_000);

    assertThat(Wire.of(Held.FORM, held))
        .isEqualTo(
            new Wire(
                "{\"name\":\"job\",\"token\":\"t\",\"fence\":9223372036854775807,"
                    + "\"expires_in_ms\":10000}",
                Map.of()));
    assertThat(Wire.of(Held.FORM, held).readAs(Held.FORM)).isEqualTo(held);
  }

  @Test
  void services_areServedUnderTheirNames() {
    assertThat(LockApi.ACQUIRE.cluster().name()).isEqualTo("recall.v1.lock.acquire");
    assertThat(LockApi.RENEW.cluster().name()).isEqualTo("recall.v1.lock.renew");
    assertThat(LockApi.RELEASE.cluster().name()).isEqualTo("recall.v1.lock.release");
    assertThat(LockApi.BREAK.cluster().name()).isEqualTo("recall.v1.lock.break");
  }
}
