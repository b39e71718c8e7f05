package dev.recall.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recall.api.CacheStatus;
import dev.recall.api.CacheStatus.Level;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code Cache-Status} as RFC 9211 has it: the member nearest to the origin comes first. */
class CacheHeadersTest {

  /** Level, stored, collapsed and degraded, in every combination that can occur. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "NEAR     | false | false | false | recall-near; hit; ttl=599",
        "REDIS    | false | false | false | recall-redis; hit; ttl=599, recall-near; fwd=miss",
        "REDIS    | true  | false | false"
            + " | recall-redis; hit; ttl=599, recall-near; fwd=miss; stored",
        "REDIS    | false | false | true"
            + " | recall-redis; hit; ttl=599, recall-near; fwd=bypass; detail=degraded",
        "STALE    | false | false | false"
            + " | recall-redis; hit; ttl=599; detail=stale, recall-near; fwd=miss",
        "STALE    | false | false | true"
            + " | recall-redis; hit; ttl=599; detail=stale,"
            + " recall-near; fwd=bypass; detail=degraded",
        "COMPUTED | false | false | false | recall-redis; fwd=miss, recall-near; fwd=miss",
        "COMPUTED | true  | false | false | recall-redis; fwd=miss; stored, recall-near; fwd=miss",
        "COMPUTED | false | true  | false"
            + " | recall-redis; fwd=miss; collapsed, recall-near; fwd=miss",
        "COMPUTED | true  | true  | false"
            + " | recall-redis; fwd=miss; stored; collapsed, recall-near; fwd=miss",
        "COMPUTED | false | false | true"
            + " | recall-redis; fwd=miss; detail=degraded,"
            + " recall-near; fwd=bypass; detail=degraded",
        "COMPUTED | true  | false | true"
            + " | recall-redis; fwd=miss; stored,"
            + " recall-near; fwd=bypass; detail=degraded",
        "COMPUTED | false | true  | true"
            + " | recall-redis; fwd=miss; collapsed; detail=degraded,"
            + " recall-near; fwd=bypass; detail=degraded",
        "COMPUTED | true  | true  | true"
            + " | recall-redis; fwd=miss; stored; collapsed,"
            + " recall-near; fwd=bypass; detail=degraded"
      })
  void cacheStatus_whenComeByThisWay_saysWhatEachLevelDid(
      Level level, boolean stored, boolean collapsed, boolean degraded, String status) {
    assertThat(
            CacheHeaders.cacheStatus(
                new CacheStatus(level, 599_000, 1_000, stored, collapsed, degraded)))
        .isEqualTo(status);
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "1, 0", "999, 0", "1000, 1", "1999, 1", "31536000000, 31536000"})
  void cacheStatus_whenSomeLifeIsLeft_saysWholeSeconds(long ttlMs, long seconds) {
    assertThat(CacheHeaders.cacheStatus(new CacheStatus(Level.NEAR, ttlMs, 0, false, false, false)))
        .isEqualTo("recall-near; hit; ttl=" + seconds);
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "-1, -1", "-1000, -1", "-1001, -2"})
  void cacheStatus_whenStale_saysTheSecondsSince(long ttlMs, long seconds) {
    assertThat(
            CacheHeaders.cacheStatus(
                new CacheStatus(Level.STALE, ttlMs, 600_000, false, false, false)))
        .startsWith("recall-redis; hit; ttl=" + seconds + "; detail=stale,");
  }
}
