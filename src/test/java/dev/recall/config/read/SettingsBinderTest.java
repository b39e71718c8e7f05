package dev.recall.config.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.recall.config.BadSettings;
import dev.recall.config.ConfDirectory;
import dev.recall.config.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsBinderTest {

  private static final SettingsLoader LOADER = new SettingsLoader();

  private static Settings bind(String path, String text) {
    ConfDirectory none = new ConfDirectory(Path.of("no-such-directory"));
    return LOADER.load(none, Map.of(), Map.of(path, text));
  }

  private static String fault(String path, String text) {
    BadSettings bad = catchThrowableOfType(BadSettings.class, () -> bind(path, text));
    assertThat(bad).describedAs("'%s' must be refused", text).isNotNull();
    return String.join("; ", bad.faults());
  }

  @ParameterizedTest
  @CsvSource({
    "1000ms, PT1S",
    "90s, PT90S",
    "5m, PT5M",
    "24h, PT24H",
    "7d, P7D",
    "365d, P365D",
    "0010s, PT10S"
  })
  void bind_whenADurationHasAUnit_isThatLong(String text, Duration duration) {
    assertThat(bind("fib.ttl", text).fib().ttl()).isEqualTo(duration);
  }

  @ParameterizedTest
  @ValueSource(strings = {"10", "10 s", "1.5s", "-1s", "+1s", "1S", "1w", "s", "", "1s1s", "PT1S"})
  void bind_whenADurationIsMalformed_saysHowToWriteOne(String text) {
    assertThat(fault("fib.ttl", text)).contains("must be a duration like");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0s", "999ms", "366d", "8761h", "9999999999d"})
  void bind_whenADurationIsOutOfRange_saysTheRange(String text) {
    assertThat(fault("fib.ttl", text)).contains("from 1000ms to 31536000000ms");
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "65535, 65535", "0080, 80"})
  void bind_whenANumberIsInRange_isThatNumber(String text, int number) {
    assertThat(bind("http.port", text).http().port()).isEqualTo(number);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-1",
        "65536",
        "4294967376",
        "1e3",
        "0x50",
        "80.0",
        "+80",
        " 80",
        "8_0",
        "",
        "\u0663",
        "99999999999999999999"
      })
  void bind_whenANumberIsNoneOrOutOfRange_saysTheRange(String text) {
    assertThat(fault("http.port", text)).contains("must be a whole number from 0 to 65535");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void bind_whenASwitchIsTrueOrFalse_isThat(boolean on) {
    assertThat(bind("cluster", Boolean.toString(on)).cluster()).isEqualTo(on);
  }

  @ParameterizedTest
  @ValueSource(strings = {"yes", "on", "TRUE", "1", ""})
  void bind_whenASwitchIsAnythingElse_isRefused(String text) {
    assertThat(fault("cluster", text)).contains("must be true or false");
  }

  @ParameterizedTest
  @ValueSource(strings = {"http.host", "management.host", "data.dir"})
  void bind_whenATextIsBlank_isRefused(String path) {
    assertThat(fault(path, " ")).contains("must not be empty");
  }

  @Test
  void bind_whenAPathHasANulCharacter_isRefused() {
    assertThat(fault("data.dir", "a\0b")).contains("is not a path");
  }

  @Test
  void bind_whenTheRedisUrlIsRefused_doesNotRepeatItsPassword() {
    assertThat(fault("redis.url", "redis://user:secret@host/x"))
        .contains("redis.url")
        .doesNotContain("secret");
  }

  @ParameterizedTest
  @CsvSource({
    "0B, 0",
    "512B, 512",
    "64KiB, 65536",
    "64MiB, 67108864",
    "1GiB, 1073741824",
    "0064MiB, 67108864",
    "1024GiB, 1099511627776",
    "999999999B, 999999999"
  })
  void bind_whenASizeHasAUnit_isThatManyBytes(String text, long bytes) {
    assertThat(bind("cache.near.max-bytes", text).cache().near().maxBytes()).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "64",
        "64MB",
        "64M",
        "64mib",
        "64MIB",
        "64 MiB",
        " 64MiB",
        "64MiB ",
        "1.5GiB",
        "-1B",
        "+1B",
        "1TiB",
        "MiB",
        "",
        "1MiB1KiB",
        "\u0663B",
        "17179869184GiB"
      })
  void bind_whenASizeIsMalformed_saysHowToWriteOne(String text) {
    assertThat(fault("cache.near.max-bytes", text))
        .contains("must be a size like 512B, 64KiB, 64MiB or 1GiB");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1025GiB", "1048577MiB", "999999999GiB"})
  void bind_whenASizeIsTooLarge_saysTheRange(String text) {
    assertThat(fault("cache.near.max-bytes", text)).contains("must be from 0B to 1099511627776B");
  }

  @Test
  void bind_whenNothingOfTheCacheIsSet_hasTheDefaults() {
    Settings.Cache cache = bind("http.port", "8080").cache();

    assertThat(cache)
        .isEqualTo(
            new Settings.Cache(
                new Settings.Near(64L << 20, Duration.ofSeconds(60)),
                Duration.ofSeconds(5),
                0,
                0,
                Duration.ZERO,
                Duration.ofSeconds(1)));
  }

  @ParameterizedTest
  @CsvSource({
    "cache.near.max-age, 1ms, 365d",
    "cache.lease, 100ms, 10m",
    "cache.ttl-jitter, 0, 90",
    "cache.refresh-ahead, 0, 99",
    "cache.stale-for, 0s, 365d",
    "cache.soft-timeout, 1ms, 50s"
  })
  void bind_whenACacheSettingIsAtAnEndOfItsRange_isAllowed(
      String path, String smallest, String largest) {
    assertThat(bind(path, smallest)).isNotNull();
    assertThat(bind(path, largest)).isNotNull();
  }

  @ParameterizedTest
  @CsvSource({
    "cache.near.max-age, 0s, from 1ms to 31536000000ms",
    "cache.near.max-age, 366d, from 1ms to 31536000000ms",
    "cache.lease, 99ms, from 100ms to 600000ms",
    "cache.lease, 601s, from 100ms to 600000ms",
    "cache.ttl-jitter, -1, a whole number from 0 to 90",
    "cache.ttl-jitter, 91, a whole number from 0 to 90",
    "cache.refresh-ahead, -1, a whole number from 0 to 99",
    "cache.refresh-ahead, 100, a whole number from 0 to 99",
    "cache.stale-for, 366d, from 0ms to 31536000000ms",
    "cache.soft-timeout, 0ms, from 1ms to 50000ms",
    "cache.soft-timeout, 50001ms, from 1ms to 50000ms"
  })
  void bind_whenACacheSettingIsOutOfRange_saysTheRange(String path, String text, String range) {
    assertThat(fault(path, text)).contains(path).contains("must be " + range);
  }
}
