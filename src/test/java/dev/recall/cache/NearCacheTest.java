package dev.recall.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recall.cache.NearCache.Copy;
import dev.recall.cache.NearCache.Stamp;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NearCacheTest {

  private static final long PLENTY = 1_000_000;
  private static final long LIFE_MS = 10_000;
  private static final Duration MAX_AGE = Duration.ofSeconds(60);

  /** Begins below zero, as {@link System#nanoTime()} may. */
  private final AtomicLong nanos = new AtomicLong(-5_000_000_000L);

  private final AtomicBoolean proved = new AtomicBoolean(true);

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final NearCache near = untrusted(PLENTY);

  private NearCache untrusted(long maxBytes) {
    return new NearCache(maxBytes, MAX_AGE, nanos::get, proved::get, new CacheMeters(registry));
  }

  private void pass(long milliseconds) {
    nanos.addAndGet(Duration.ofMillis(milliseconds).toNanos());
  }

  private static boolean put(NearCache cache, String key, String text) {
    return cache.put(key, text, 0, LIFE_MS, cache.stamp(key));
  }

  private boolean put(String key, String text) {
    return put(near, key, text);
  }

  private @Nullable String text(String key) {
    Copy copy = near.get(key);
    return copy == null ? null : copy.text();
  }

  private double evictions(String cause) {
    return registry.get("recall.cache.evictions").tag("cause", cause).counter().count();
  }

  @Test
  void put_whenNotTrustedYet_isRefused() {
    assertThat(put("fib:10", "55")).isFalse();
    assertThat(near.get("fib:10")).isNull();
  }

  @Test
  void put_whenTrusted_keepsTheTextAndItsDigest() {
    near.trust();

    assertThat(near.put("fib:10", "55", 42, LIFE_MS, near.stamp("fib:10"))).isTrue();

    assertThat(near.get("fib:10"))
        .returns("55", Copy::text)
        .returns(42L, Copy::digest)
        .returns(LIFE_MS, near::lifeLeftMs);
  }

  @Test
  void get_whenChangesMayHaveGoneUnheardMeanwhile_answersNothingUntilThatIsProved() {
    near.trust();
    put("fib:10", "55");

    proved.set(false);
    assertThat(near.get("fib:10")).isNull();
    assertThat(near.isBypassed()).isFalse();

    proved.set(true);
    assertThat(text("fib:10")).isEqualTo("55");
  }

  @Test
  void put_whenThereIsACopy_replacesIt() {
    near.trust();
    put("fib:10", "54");

    assertThat(put("fib:10", "55")).isTrue();

    assertThat(text("fib:10")).isEqualTo("55");
  }

  @Test
  void put_whenTheSameIsPutAgain_isKept() {
    near.trust();
    put("fib:10", "55");

    assertThat(put("fib:10", "55")).isTrue();
  }

  @Test
  void put_whenTheCopyAloneIsLargerThanTheBound_isRefused() {
    NearCache small = untrusted(1_000);
    small.trust();

    assertThat(put(small, "fib:10", "5".repeat(1_000))).isFalse();
    assertThat(small.bytes()).isZero();
  }

  @Test
  void put_whenRefused_doesNotLetTheNewerCopyLiveLonger() {
    near.trust();
    Stamp old = near.stamp("fib:10");
    near.evict("fib:10");
    near.put("fib:10", "newer", 0, 3_600_000, near.stamp("fib:10"));
    pass(50_000);

    near.put("fib:10", "older", 0, 3_600_000, old);
    pass(50_000);

    assertThat(near.get("fib:10")).isNull();
  }

  @Test
  void get_whenAnotherKeyWasPut_findsNothing() {
    near.trust();
    put("fib:10", "55");

    assertThat(near.get("fib:1")).isNull();
  }

  @Test
  void put_whenTheKeyWasEvictedSinceTheStamp_isRefused() {
    near.trust();
    Stamp stamp = near.stamp("fib:10");
    near.evict("fib:10");

    assertThat(near.put("fib:10", "55", 0, LIFE_MS, stamp)).isFalse();
    assertThat(near.get("fib:10")).isNull();
  }

  @Test
  void put_whenTheKeyWasEvictedSinceTheStamp_leavesTheNewerCopy() {
    near.trust();
    Stamp stamp = near.stamp("fib:10");
    near.evict("fib:10");
    put("fib:10", "newer");

    assertThat(near.put("fib:10", "older", 0, LIFE_MS, stamp)).isFalse();
    assertThat(text("fib:10")).isEqualTo("newer");
  }

  @Test
  void put_whenTheKeyWasEvictedBeforeTheStamp_isKept() {
    near.trust();
    near.evict("fib:10");

    assertThat(put("fib:10", "55")).isTrue();
  }

  @Test
  void put_whenFlushedSinceTheStamp_isRefused() {
    near.trust();
    Stamp stamp = near.stamp("fib:10");
    near.flush();

    assertThat(near.put("fib:10", "55", 0, LIFE_MS, stamp)).isFalse();
    assertThat(near.get("fib:10")).isNull();
  }

  @Test
  void put_whenDistrustedSinceTheStamp_isRefused() {
    near.trust();
    Stamp stamp = near.stamp("fib:10");
    near.distrust();

    assertThat(near.put("fib:10", "55", 0, LIFE_MS, stamp)).isFalse();
  }

  @Test
  void put_whenDistrustedAndTrustedSinceTheStamp_isRefused() {
    near.trust();
    Stamp stamp = near.stamp("fib:10");
    near.distrust();
    near.trust();

    assertThat(near.put("fib:10", "55", 0, LIFE_MS, stamp)).isFalse();
    assertThat(near.get("fib:10")).isNull();
  }

  @Test
  void put_whenTrustedOnlySinceTheStamp_isRefused() {
    Stamp stamp = near.stamp("fib:10");
    near.trust();

    assertThat(near.put("fib:10", "55", 0, LIFE_MS, stamp)).isFalse();
    assertThat(near.get("fib:10")).isNull();
  }

  @Test
  void evict_whenThereAreOthers_forgetsThisOneOnly() {
    near.trust();
    for (int n = 0; n < 100; n++) {
      put("fib:" + n, "text " + n);
    }

    near.evict("fib:50");

    assertThat(near.get("fib:50")).isNull();
    for (int n = 0; n < 100; n++) {
      if (n != 50) {
        assertThat(text("fib:" + n)).isEqualTo("text " + n);
      }
    }
  }

  @Test
  void flush_whenThereAreCopies_forgetsThemAllAndTakesNewOnes() {
    near.trust();
    put("fib:10", "55");
    put("fib:11", "89");

    near.flush();

    assertThat(near.get("fib:10")).isNull();
    assertThat(near.get("fib:11")).isNull();
    assertThat(put("fib:10", "55")).isTrue();
  }

  @Test
  void flush_whenNotTrusted_doesNotBeginToTrust() {
    near.flush();

    assertThat(near.isBypassed()).isTrue();
    assertThat(put("fib:10", "55")).isFalse();
  }

  @Test
  void distrust_whenThereAreCopies_answersNoneUntilTrustedAndThenNoOldOne() {
    near.trust();
    put("fib:10", "55");

    near.distrust();
    assertThat(near.get("fib:10")).isNull();
    assertThat(near.bytes()).isZero();

    near.trust();
    assertThat(near.get("fib:10")).isNull();
  }

  @Test
  void trust_whenTrustedAlready_keepsTheCopies() {
    near.trust();
    Stamp stamp = near.stamp("fib:11");
    put("fib:10", "55");

    near.trust();

    assertThat(text("fib:10")).isEqualTo("55");
    assertThat(near.put("fib:11", "89", 0, LIFE_MS, stamp)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "10000, 10000", "60000, 60000", "60001, 60000", "9223372036854775807, 60000"})
  void get_whenTheLifeOrTheMaximumAgeIsOver_findsNothing(long lifeMs, long keptMs) {
    near.trust();
    near.put("fib:10", "55", 0, lifeMs, near.stamp("fib:10"));

    nanos.addAndGet(Duration.ofMillis(keptMs).toNanos() - 1);
    assertThat(near.get("fib:10")).isNotNull();

    nanos.incrementAndGet();
    assertThat(near.get("fib:10")).isNull();
  }

  @Test
  void get_whenACopyIsRead_doesNotLiveOn() {
    near.trust();
    put("fib:10", "55");
    pass(LIFE_MS / 2);
    assertThat(near.get("fib:10")).isNotNull();

    pass(LIFE_MS / 2);

    assertThat(near.get("fib:10")).isNull();
  }

  @Test
  void get_whenACopyWasReplaced_livesAsLongAsTheNewOne() {
    near.trust();
    put("fib:10", "54");
    pass(LIFE_MS - 1);
    put("fib:10", "55");

    pass(LIFE_MS - 1);
    assertThat(text("fib:10")).isEqualTo("55");

    pass(1);
    assertThat(near.get("fib:10")).isNull();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, LIFE_MS, 3_600_000, 31_536_000_000L})
  void lifeLeftMs_whenTimePasses_isWhatIsLeftInRedisWhateverTheMaximumAge(long lifeMs) {
    near.trust();
    near.put("fib:10", "55", 0, lifeMs, near.stamp("fib:10"));
    Copy copy = Objects.requireNonNull(near.get("fib:10"));
    assertThat(near.lifeLeftMs(copy)).isEqualTo(lifeMs);

    pass(400);

    assertThat(near.lifeLeftMs(copy)).isEqualTo(lifeMs - 400);
  }

  @Test
  void isBypassed_whenNotTrusted_holds() {
    assertThat(near.isBypassed()).isTrue();
    near.trust();
    assertThat(near.isBypassed()).isFalse();
    near.distrust();
    assertThat(near.isBypassed()).isTrue();
  }

  @Test
  void isBypassed_whenFlushed_doesNotHold() {
    near.trust();
    near.flush();

    assertThat(near.isBypassed()).isFalse();
  }

  @Test
  void put_whenThereIsNoRoomAtAll_isRefusedThoughTrusted() {
    NearCache none = untrusted(0);
    none.trust();

    assertThat(put(none, "fib:10", "55")).isFalse();
    assertThat(none.get("fib:10")).isNull();
    assertThat(none.bytes()).isZero();
  }

  @Test
  void isBypassed_whenThereIsNoRoomAtAll_neverHolds() {
    NearCache none = untrusted(0);
    assertThat(none.isBypassed()).isFalse();

    none.trust();
    none.distrust();

    assertThat(none.isBypassed()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"55, 2", "ÿÿ, 2", "€5, 4", "😀, 4", "'', 0"})
  void bytes_whenACopyIsKept_countTheKeyTheTextAndTheEntry(String text, int textBytes) {
    near.trust();

    put("fib:10", text);

    assertThat(near.bytes()).isEqualTo(NearCache.COPY_BYTES + "fib:10".length() + textBytes);
  }

  @Test
  void bytes_whenACopyIsEvicted_countItNoMore() {
    near.trust();
    put("fib:10", "55");

    near.evict("fib:10");

    assertThat(near.bytes()).isZero();
  }

  @Test
  void bytes_whenFarMoreIsPutThanThereIsRoomFor_neverExceedIt() {
    NearCache small = untrusted(20_000);
    small.trust();
    SplittableRandom random = new SplittableRandom(1);

    for (int i = 0; i < 5_000; i++) {
      put(small, "fib:" + random.nextInt(1_000), "x".repeat(random.nextInt(2_000)));
      assertThat(small.bytes()).isLessThanOrEqualTo(20_000);
    }

    assertThat(small.bytes()).isGreaterThan(10_000);
    assertThat(evictions("size")).isPositive();
  }

  @Test
  void get_whenTheCopyAloneIsLargerThanTheRoom_findsNothing() {
    NearCache small = untrusted(1_000);
    small.trust();

    put(small, "fib:10", "5".repeat(1_000));

    assertThat(small.get("fib:10")).isNull();
    assertThat(small.bytes()).isZero();
  }

  @Test
  void evict_whenThereIsACopy_countsAChange() {
    near.trust();
    put("fib:10", "55");

    near.evict("fib:10");
    near.evict("fib:10");

    assertThat(evictions("changed")).isEqualTo(1);
    assertThat(evictions("size") + evictions("expired")).isZero();
  }

  @Test
  void evict_whenTheCopyHasExpired_countsNoChange() {
    near.trust();
    put("fib:10", "55");
    pass(LIFE_MS);

    near.evict("fib:10");

    assertThat(evictions("changed")).isZero();
    assertThat(evictions("expired")).isEqualTo(1);
  }

  @Test
  void put_whenItReplacesACopy_countsNoEviction() {
    near.trust();
    put("fib:10", "54");

    put("fib:10", "55");

    assertThat(registry.find("recall.cache.evictions").counters())
        .hasSize(5)
        .allSatisfy(counter -> assertThat(counter.count()).isZero());
  }

  @Test
  void get_whenACopyHasExpiredLongAgo_countsThat() {
    near.trust();
    put("fib:10", "55");
    pass(3_600_000);

    assertThat(near.get("fib:10")).isNull();

    assertThat(evictions("expired")).isEqualTo(1);
  }

  @Test
  void flush_whenThereAreCopies_countsOnce() {
    near.trust();
    put("fib:10", "55");
    put("fib:11", "89");

    near.flush();

    assertThat(evictions("flushed")).isEqualTo(1);
    assertThat(evictions("changed")).isZero();
  }

  @Test
  void distrust_whenCalledTwice_countsOnce() {
    near.trust();

    near.distrust();
    near.distrust();

    assertThat(evictions("unheard")).isEqualTo(1);
  }
}
