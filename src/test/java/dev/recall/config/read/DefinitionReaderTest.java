package dev.recall.config.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.recall.config.BadSettings;
import dev.recall.config.Definition;
import dev.recall.config.OriginUrl;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DefinitionReaderTest {

  private static final String URL = "http://shop/{input}";

  private static List<String> faults(Map<String, String> texts) {
    BadSettings bad = catchThrowableOfType(BadSettings.class, () -> DefinitionReader.read(texts));
    assertThat(bad).describedAs("%s must be refused", texts).isNotNull();
    return bad.faults();
  }

  @Test
  void read_whenThereIsAUrlAndATtl_hasDefaultsForTheRest() {
    Definition read = DefinitionReader.read(Map.of("url", URL, "ttl", "60s"));

    assertThat(read.url()).hasValue(new OriginUrl(URL));
    assertThat(read.ttl()).isEqualTo(Duration.ofSeconds(60));
    assertThat(read.notFound()).isEqualTo(Duration.ofSeconds(5));
    assertThat(read.inFlight()).isEqualTo(64);
    assertThat(read.bytes()).isEqualTo(1 << 20);
    assertThat(read.type()).isEqualTo("application/json");
    assertThat(read.space("shop")).isEqualTo("shop");
    assertThat(read.timeout()).isEqualTo(Optional.empty());
  }

  @ParameterizedTest
  @CsvSource({"timeout, 2s", "soft-timeout, 250ms", "max-in-flight, 7", "max-bytes, 2MiB"})
  void read_whenCallersMakeItAndItIsForNodes_isRefused(String name, String text) {
    assertThat(faults(Map.of("by", "callers", "ttl", "60s", name, text)))
        .singleElement()
        .asString()
        .contains(name);
  }

  @Test
  void read_whenAllIsSaid_isAllThat() {
    Map<String, String> texts = new HashMap<>();
    texts.putAll(Map.of("url", URL, "ttl", "1m", "stale-for", "1h", "refresh-ahead", "80"));
    texts.putAll(Map.of("soft-timeout", "250ms", "ttl-jitter", "10", "timeout", "2s"));
    texts.putAll(Map.of("not-found-for", "0s", "max-in-flight", "7", "max-bytes", "64KiB"));
    texts.putAll(Map.of("media-type", "text/plain; v=1", "version", "v2", "headers", "A: b"));

    Definition read = DefinitionReader.read(texts);

    assertThat(read.staleFor()).hasValue(Duration.ofHours(1));
    assertThat(read.refreshAhead()).hasValue(80);
    assertThat(read.softTimeout()).hasValue(Duration.ofMillis(250));
    assertThat(read.ttlJitter()).hasValue(10);
    assertThat(read.timeout()).hasValue(Duration.ofSeconds(2));
    assertThat(read.notFound()).isZero();
    assertThat(read.inFlight()).isEqualTo(7);
    assertThat(read.bytes()).isEqualTo(65_536);
    assertThat(read.type()).isEqualTo("text/plain; v=1");
    assertThat(read.space("shop")).isEqualTo("shop@v2");
    assertThat(read.headers().orElseThrow().byName()).containsEntry("a", "b");
    assertThat(read.toString()).doesNotContain("A: b").contains("***");
  }

  @Test
  void read_whenCallersMakeTheResults_needsNoUrl() {
    assertThat(DefinitionReader.read(Map.of("by", "callers", "ttl", "60s")).url())
        .isEqualTo(Optional.empty());
  }

  @ParameterizedTest
  @CsvSource({
    "url,           shop,                must have {input} once",
    "by,            me,                  must be callers",
    "ttl,           0s,                  must be from 1ms to",
    "ttl,           60,                  must be a duration",
    "ttl,           366d,                must be from 1ms to",
    "stale-for,     -1s,                 must be a duration",
    "refresh-ahead, 100,                 must be a whole number from 0 to 99",
    "soft-timeout,  51s,                 must be from 1ms to 50000ms",
    "ttl-jitter,    91,                  must be a whole number from 0 to 90",
    "timeout,       9ms,                 must be from 10ms to 50000ms",
    "timeout,       50001ms,             must be from 10ms to 50000ms",
    "not-found-for, x,                   must be a duration",
    "max-in-flight, 0,                   must be a whole number from 1 to 10000",
    "max-in-flight, 10001,               must be a whole number from 1 to 10000",
    "max-bytes,     0B,                  must be from 1B to",
    "max-bytes,     2GiB,                must be from 1B to",
    "max-bytes,     1024,                must be a size",
    "media-type,    json,                must be a media type",
    "media-type,    Application/Json,    must be a media type",
    "version,       a b,                 must be 1 to 32 of",
    "version,       123456789012345678901234567890123, must be 1 to 32 of",
    "headers,       Host: evil,          host is not to be set"
  })
  void read_whenAValueDoesNotFit_saysWhichAndWhy(String name, String text, String why) {
    Map<String, String> texts = new HashMap<>(Map.of("url", URL, "ttl", "60s"));
    texts.put(name, text);

    assertThat(faults(texts))
        .singleElement()
        .asString()
        .startsWith(name + " (from the definition): " + why);
  }

  @Test
  void read_whenThereAreSeveralFaults_saysThemAll() {
    assertThat(faults(Map.of("url", "shop", "tll", "60s", "timeout", "1")))
        .hasSize(4)
        .anyMatch(fault -> fault.startsWith("tll: "))
        .anyMatch(fault -> fault.startsWith("url "))
        .anyMatch(fault -> fault.startsWith("timeout "))
        .anyMatch(fault -> fault.equals("ttl: is missing"));
  }

  @Test
  void read_whenItIsNotClearWhoMakesTheResults_isRefused() {
    String both = "needs a url, or by: callers, and not both";

    assertThat(faults(Map.of("ttl", "60s"))).containsExactly(both);
    assertThat(faults(Map.of("ttl", "60s", "url", URL, "by", "callers"))).containsExactly(both);
    assertThat(faults(Map.of("ttl", "60s", "by", "callers", "headers", "A: b")))
        .containsExactly("headers are sent to a url, and there is none");
  }

  @Test
  void read_whenAHeaderIsMalformed_doesNotSayItsValue() {
    Map<String, String> texts = Map.of("url", URL, "ttl", "60s", "headers", "A: s3crét\nB: s3cret");

    assertThat(faults(texts)).noneMatch(fault -> fault.contains("s3cr"));
  }
}
