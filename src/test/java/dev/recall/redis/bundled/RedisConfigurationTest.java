package dev.recall.redis.bundled;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.recall.config.BadSettings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedisConfigurationTest {

  private static final String PASSWORD = "0123456789abcdef".repeat(4);

  @Test
  void text_always_hasThePasswordOnlyAsAHash() {
    assertThat(text("")).doesNotContain(PASSWORD).contains("user recall on #");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "user default on nopass",
        "  requirepass x",
        "INCLUDE /etc/redis.conf",
        "\"aclfile\" x",
        "tls-port 7000",
        "rename-command AUTH x"
      })
  void text_whenTheOperatorWouldLetOthersIn_refuses(String line) {
    assertThatThrownBy(() -> text("maxmemory 1gb\n" + line))
        .isInstanceOf(BadSettings.class)
        .hasMessageContaining("cannot be set for the bundled Redis");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"bind 0.0.0.0", "port 6379", "dir /var/lib", "daemonize yes", "PIDFILE /x"})
  void text_whenTheOperatorSaysWhatIsOurs_passesItOver(String line) {
    assertThat(text("maxmemory 1gb\n" + line)).contains("maxmemory 1gb").doesNotContain(line);
  }

  @Test
  void text_whenTheDirectoryHasAnOddName_quotesIt() {
    byte[] none = {};
    assertThat(RedisConfiguration.text(none, Path.of("/a b\"c"), 1, PASSWORD))
        .contains("dir \"/a b\\\"c\"");
  }

  private static String text(String operators) {
    byte[] given = operators.getBytes(StandardCharsets.UTF_8);
    return RedisConfiguration.text(given, Path.of("/data"), 7000, PASSWORD);
  }
}
