package dev.recall.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recall.redis.ResultStore.Found;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FreshnessTest {

  private static final Duration TTL = Duration.ofMinutes(10);

  private static Freshness freshness(Duration staleFor, int jitter, int refreshAhead) {
    return new Freshness(TTL, staleFor, jitter, refreshAhead, Duration.ofSeconds(1));
  }

  private static List<Long> kept(Duration ttl, Duration staleFor, int jitter, int times) {
    Freshness freshness = new Freshness(ttl, staleFor, jitter, 0, Duration.ofSeconds(1));
    SplittableRandom random = new SplittableRandom(42);
    return LongStream.range(0, times)
        .mapToObj(i -> freshness.keep(random, OptionalLong.empty()).toMillis())
        .toList();
  }

  private static Found found(long keyMs) {
    return new Found("55", keyMs, Buffer.buffer("55"));
  }

  @ParameterizedTest
  @CsvSource({"600000, 600000", "1, 1", "0, 0"})
  void lifeLeftMs_whenNothingIsAnsweredStale_isThatOfTheKey(long keyMs, long leftMs) {
    assertThat(freshness(Duration.ZERO, 0, 0).lifeLeftMs(found(keyMs))).isEqualTo(leftMs);
  }

  @ParameterizedTest
  @CsvSource({"630000, 600000", "30001, 1", "30000, 0", "29999, -1", "1, -29999"})
  void lifeLeftMs_whenResultsMayBeStale_isThatOfTheKeyLessTheStaleTime(long keyMs, long leftMs) {
    assertThat(freshness(Duration.ofSeconds(30), 0, 0).lifeLeftMs(found(keyMs))).isEqualTo(leftMs);
  }

  @ParameterizedTest
  @CsvSource({"0", "30"})
  void lifeLeftMs_whenTheKeyNeverExpires_isTheWholeLife(long staleSeconds) {
    assertThat(freshness(Duration.ofSeconds(staleSeconds), 0, 0).lifeLeftMs(found(Long.MAX_VALUE)))
        .isEqualTo(TTL.toMillis());
  }

  @ParameterizedTest
  @CsvSource({"600000, 0", "599999, 1", "0, 600000", "-5, 600005"})
  void ageMs_whenSomeOfTheLifeIsLeft_isTheRest(long leftMs, long ageMs) {
    assertThat(freshness(Duration.ZERO, 0, 0).ageMs(leftMs)).isEqualTo(ageMs);
  }

  @Test
  void ageMs_whenSomebodyStoredItForLongerThanTheTtl_isZero() {
    assertThat(freshness(Duration.ZERO, 0, 0).ageMs(TTL.toMillis() + 1)).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "80, 600000, false",
    "80, 100000000000000000, false",
    "80, 120001, false",
    "80, 120000, true",
    "80, 1, true",
    "80, 0, true",
    "80, -1, true",
    "1, 594000, true",
    "1, 594001, false",
    "99, 6000, true",
    "99, 6001, false"
  })
  void isRefreshDue_whenSoMuchOfTheLifeIsGone_holds(int percent, long leftMs, boolean due) {
    assertThat(freshness(Duration.ZERO, 0, percent).isRefreshDue(leftMs)).isEqualTo(due);
  }

  @ParameterizedTest
  @CsvSource({"600000", "1", "0", "-1"})
  void isRefreshDue_whenNothingIsRefreshedAhead_neverHolds(long leftMs) {
    assertThat(freshness(Duration.ZERO, 0, 0).isRefreshDue(leftMs)).isFalse();
  }

  @Test
  void isRefreshDue_whenTheKeyNeverExpires_neverHolds() {
    Freshness freshness = freshness(Duration.ofSeconds(30), 0, 99);

    assertThat(freshness.isRefreshDue(freshness.lifeLeftMs(found(Long.MAX_VALUE)))).isFalse();
  }

  @Test
  void isRefreshDue_whenTheTtlIsAYear_doesNotOverflow() {
    Freshness year =
        new Freshness(Duration.ofDays(365), Duration.ZERO, 0, 80, Duration.ofSeconds(1));

    assertThat(year.isRefreshDue(Duration.ofDays(365).toMillis())).isFalse();
    assertThat(year.isRefreshDue(Duration.ofDays(73).toMillis())).isTrue();
  }

  @Test
  void keep_whenThereIsNoJitter_isTheTtl() {
    assertThat(kept(TTL, Duration.ZERO, 0, 100)).containsOnly(600_000L);
  }

  @Test
  void keep_whenResultsMayBeStale_isTheStaleTimeLonger() {
    assertThat(kept(TTL, Duration.ofSeconds(30), 0, 100)).containsOnly(630_000L);
  }

  @Test
  void keep_whenThereIsJitter_isShorterByUpToItAndNeverLonger() {
    List<Long> kept = kept(TTL, Duration.ZERO, 10, 10_000);

    assertThat(kept).allSatisfy(ms -> assertThat(ms).isBetween(540_000L, 600_000L));
    assertThat(kept).anySatisfy(ms -> assertThat(ms).isLessThan(541_000));
    assertThat(kept).anySatisfy(ms -> assertThat(ms).isGreaterThan(599_000));
  }

  @Test
  void keep_whenThereIsJitter_takesNothingOfTheStaleTime() {
    assertThat(kept(TTL, Duration.ofHours(1), 90, 10_000))
        .allSatisfy(ms -> assertThat(ms).isBetween(3_660_000L, 4_200_000L));
  }

  @Test
  void keep_whenTheJitterIsOfAFewMilliseconds_reachesBothEnds() {
    assertThat(kept(Duration.ofMillis(10), Duration.ZERO, 20, 1_000)).containsOnly(8L, 9L, 10L);
  }

  @Test
  void keep_whenTheTtlIsTooShortForJitter_isTheTtl() {
    assertThat(kept(Duration.ofMillis(1), Duration.ZERO, 90, 100)).containsOnly(1L);
  }
}
