package dev.recall.config.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.recall.config.BadSettings;
import dev.recall.config.ConfDirectory;
import dev.recall.config.HostNames;
import dev.recall.config.Networks;
import dev.recall.config.RedisUrl;
import dev.recall.config.Settings;
import dev.recall.testing.OnSettingsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsLoaderTest extends OnSettingsFile {

  private static Settings.Namespace namespace(Duration ttl, boolean sliding) {
    return new Settings.Namespace(ttl, sliding, Duration.ZERO, 65_536, false);
  }

  static Set<String> paths() {
    return LOADER.paths();
  }

  @Test
  void load_whenNothingIsSet_takesThePackedDefaults() {
    Settings settings = LOADER.load(new ConfDirectory(conf.resolve("absent")), NONE, NONE);

    assertThat(settings)
        .isEqualTo(
            new Settings(
                false,
                new Settings.Http("127.0.0.1", 8080, false, new HostNames(Set.of()), Map.of()),
                new Settings.Management("127.0.0.1", 8081),
                new Settings.Redis(new RedisUrl("")),
                new Settings.Data(Path.of("data")),
                new Settings.Cache(
                    new Settings.Near(64 << 20, Duration.ofMinutes(1)),
                    Duration.ofSeconds(5),
                    0,
                    0,
                    Duration.ZERO,
                    Duration.ofSeconds(1)),
                new Settings.Fib(100_000, Duration.ofMinutes(10)),
                new Settings.Counter(Duration.ofDays(1)),
                new Settings.State(
                    Map.of(
                        "session",
                        new Settings.Namespace(
                            Duration.ofMinutes(30), true, Duration.ofHours(12), 65_536, true),
                        "profile",
                        namespace(Duration.ofDays(30), true),
                        "permission",
                        namespace(Duration.ofMinutes(15), false),
                        "config",
                        namespace(Duration.ofDays(365), false),
                        "stats",
                        namespace(Duration.ofDays(1), false))),
                new Settings.Compute(0, 256, Duration.ofSeconds(10)),
                Map.of(),
                new Settings.Origins(new Networks("127.0.0.0/8 ::1/128")),
                Map.of()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "# only a comment",
        "http: {}",
        "http: {tokens: {}}",
        "state: {}",
        "state: {namespaces: {}}",
        "state: {namespaces: {session: {}}}",
        "rate-limits: {}"
      })
  void load_whenTheFileSetsNothing_takesTheDefaults(String yaml) throws IOException {
    assertThat(load(yaml, NONE, NONE))
        .isEqualTo(LOADER.load(new ConfDirectory(conf.resolve("absent")), NONE, NONE));
  }

  @Test
  void load_whenSeveralOriginsSetIt_takesFlagBeforeEnvironmentBeforeFile() throws IOException {
    String yaml = "http: {port: 1, host: localhost}\nmanagement: {port: 1}\nfib: {max-n: 1}\n";
    Map<String, String> environment =
        Map.of("RECALL_HTTP_PORT", "2", "RECALL_MANAGEMENT_PORT", "2");

    Settings settings = load(yaml, environment, Map.of("http.port", "3"));

    assertThat(settings.http())
        .isEqualTo(new Settings.Http("localhost", 3, false, new HostNames(Set.of()), Map.of()));
    assertThat(settings.management()).isEqualTo(new Settings.Management("127.0.0.1", 2));
    assertThat(settings.fib().maxN()).isEqualTo(1);
  }

  @Test
  void load_whenEveryOriginHasFaults_reportsAllAtOnce() {
    List<String> faults =
        faults(
            "http: {port: x}\nfile-typo: 1\n",
            Map.of("RECALL_FIB_TTL", "soon", "RECALL_TYPO", "1"),
            Map.of("fib.max-n", "-1", "flag-typo", "1"));

    assertThat(faults)
        .containsExactlyInAnyOrder(
            "http.port (from recall.yaml): must be a whole number from 0 to 65535",
            "file-typo (from recall.yaml): no such setting",
            "fib.ttl (from RECALL_FIB_TTL): must be a duration like 250ms, 10s, 5m, 24h or 7d",
            "RECALL_TYPO (from the environment): no such setting",
            "fib.max-n (from --fib.max-n): must be a whole number from 0 to 100000000",
            "flag-typo (from --flag-typo): no such setting");
  }

  @Test
  void load_whenAVariableIsNoneOfRecall_ignoresIt() throws IOException {
    Map<String, String> environment = Map.of("PATH", "/bin", "RECALL_CONF", "conf", "RECALLED", "");

    assertThat(load("", environment, NONE)).isEqualTo(load("", NONE, NONE));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "http: [            | recall.yaml, line 1: ",
        "http:\\n\\tport: 1 | recall.yaml, line 2: ",
        "fib: {max-n: 1}\\nfib: {max-n: 2} | recall.yaml, line 2: found duplicate key fib",
        "- http             | recall.yaml: must be a mapping of sections to settings",
        "http               | recall.yaml: must be a mapping of sections to settings",
        "http: 80           | http (from recall.yaml): no such setting",
        "http: {host: [a]}  | http.host (from recall.yaml): must be a single value, not a list",
        "http: {port: {}}   | http.port (from recall.yaml): must be a single value",
        "htpp: {}           | htpp (from recall.yaml): no such setting",
        "htpp: [a]          | htpp (from recall.yaml): no such setting",
        "http: {host: *x}   | recall.yaml, line 1: found undefined alias",
      })
  void load_whenTheFileIsNotAsItShouldBe_saysWhereBesideTheOtherFaults(String yaml, String fault) {
    List<String> faults = faults(yaml.translateEscapes(), Map.of("RECALL_TYPO", "1"), NONE);

    assertThat(faults).hasSize(2).anyMatch(text -> text.startsWith(fault));
    assertThat(faults).contains("RECALL_TYPO (from the environment): no such setting");
  }

  @Test
  void load_whenTheFileIsMalformedWhereAPasswordIs_doesNotRepeatIt() {
    assertThat(faults("redis:\n  url: \"redis://user:secret@host\n", NONE, NONE))
        .singleElement()
        .asString()
        .doesNotContain("secret");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*hidden-and-long-enough",
        "!hidden-and-long-enough",
        "!hidden-and!long-enough",
        "!<hidden-and-long-enough",
        "!hidden-and-long-enough x",
        "%hidden-and-long-enough",
        "@hidden-and-long-enough",
        "`hidden-and-long-enough",
        "|hidden-and-long-enough",
        "[hidden-and-long-enough",
        "[hidden-and-long-enough]",
        "{hidden-and-long-enough",
        "'hidden-and-long-enough",
        "\"hidden\\-and-long-enough\"",
        "hidden: hidden-and-long-enough",
        "hidden and long enough"
      })
  void load_whenASecretMeansSomethingElseToYaml_isAFaultThatDoesNotRepeatIt(String secret) {
    assertThat(faults("http:\n  tokens:\n    ci:\n      secret: " + secret, NONE, NONE))
        .isNotEmpty()
        .noneMatch(fault -> fault.contains("hidden"));
  }

  @Test
  void load_whenTheFileCannotBeRead_saysSoBesideTheOtherFaults() throws IOException {
    Files.createDirectory(conf.resolve("recall.yaml"));

    BadSettings bad =
        catchThrowableOfType(
            BadSettings.class,
            () -> LOADER.load(new ConfDirectory(conf), NONE, Map.of("typo", "1")));

    assertThat(bad.faults()).hasSize(2).anyMatch(fault -> fault.contains("cannot be read"));
  }

  @ParameterizedTest
  @MethodSource("paths")
  void load_whenASettingIsBlank_namesItByItsVariableAndByItsFlag(String path) {
    String variable = Variables.of(path);

    assertThat(faults("", Map.of(variable, " "), NONE))
        .singleElement()
        .asString()
        .startsWith(path + " (from " + variable + "): ");
    assertThat(faults("", NONE, Map.of(path, " ")))
        .singleElement()
        .asString()
        .startsWith(path + " (from --" + path + "): ");
  }
}
