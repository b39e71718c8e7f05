package dev.recall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.entry;

import dev.recall.config.read.SettingsLoader;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

class FlagsTest {

  private static final SettingsLoader LOADER = new SettingsLoader();
  private static final Flags FLAGS = new Flags(LOADER);

  private static Map<String, String> settings(String... arguments) {
    return FLAGS.settings(FLAGS.commandLine().parseArgs(arguments));
  }

  private static String misuse(String arguments) {
    ParameterException refused =
        catchThrowableOfType(
            ParameterException.class,
            () -> {
              ParseResult parsed = FLAGS.commandLine().parseArgs(arguments.split(" "));
              FLAGS.conf(parsed);
              FLAGS.settings(parsed);
            });
    return String.valueOf(refused.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"--fib.max-n=9", "--fib.max-n 9"})
  void settings_whenASettingHasADefault_hasItsValue(String arguments) {
    assertThat(settings(arguments.split(" "))).containsExactly(entry("fib.max-n", "9"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"--state.namespaces.cart.ttl=9s", "--state.namespaces.cart.ttl 9s"})
  void settings_whenTheOperatorNamesASetting_hasItsValue(String arguments) {
    assertThat(settings(arguments.split(" ")))
        .containsExactly(entry("state.namespaces.cart.ttl", "9s"));
  }

  @Test
  void settings_whenAValueHasEqualsSignsAndLines_hasAllOfIt() {
    assertThat(settings("--http.tokens.ci.secret=a=b\nc"))
        .containsExactly(entry("http.tokens.ci.secret", "a=b\nc"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"--cluster", "--cluster true", "--cluster=true"})
  void settings_whenTheFlagIsCluster_needsNoValue(String cluster) {
    assertThat(settings((cluster + " --fib.max-n=9").split(" ")))
        .containsExactly(entry("cluster", "true"), entry("fib.max-n", "9"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "-hunter2", "@hunter2", ""})
  void settings_whenAValueLooksOdd_isThatValue(String value) {
    assertThat(settings("--redis.url", value)).containsExactly(entry("redis.url", value));
    assertThat(settings("--redis.url=" + value)).containsExactly(entry("redis.url", value));
  }

  @ParameterizedTest
  @ValueSource(strings = {"hunter2", "--redis.ulr=x hunter2", "--redis.ulr x hunter2", "-hunter2"})
  void settings_whenAnArgumentIsNoFlag_isRefusedWithoutRepeatingIt(String arguments) {
    assertThat(misuse(arguments)).isEqualTo("an argument is no flag: flags begin with --");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--redis.url", "--redis.url --http.tokens.ci.secret=hunter2"})
  void settings_whenAFlagHasNoValue_isRefusedWithoutRepeatingTheNext(String arguments) {
    assertThat(misuse(arguments)).isEqualTo("--redis.url has no value");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--redis.url=hunter2 --redis.url hunter2", "--redis.url= --redis.url="})
  void settings_whenAFlagIsGivenTwice_isRefused(String arguments) {
    assertThat(misuse(arguments)).isEqualTo("--redis.url is given twice");
  }

  @Test
  void conf_whenADirectoryIsGiven_isThat() {
    assertThat(FLAGS.conf(FLAGS.commandLine().parseArgs("--cluster", "--conf=x"))).isEqualTo("x");
    assertThat(FLAGS.conf(FLAGS.commandLine().parseArgs("--cluster"))).isNull();
  }

  @Test
  void conf_whenAnotherFlagFollows_isRefusedWithoutRepeatingIt() {
    assertThat(misuse("--conf --redis.url=hunter2")).isEqualTo("--conf has no value");
  }

  @Test
  void commandLine_whenAskedForHelp_showsEveryLineOfTheDefaultFile() {
    assertThat(FLAGS.commandLine().getUsageMessage().replaceAll("\\s+", " "))
        .contains("--conf=DIR")
        .contains(LOADER.defaultsText().strip().replaceAll("\\s+", " "));
  }
}
