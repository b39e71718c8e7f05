package dev.recall.redis.link;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.recall.redis.CounterStore;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ScriptTest {

  @Test
  void source_whenReadFromTheJar_isTheFileOfTheRepository() throws Exception {
    assertThat(new Script(CounterStore.class, "counter-add.lua").source())
        .isEqualTo(
            Files.readString(Path.of("src/main/resources/dev/recall/redis/counter-add.lua")));
  }

  @ParameterizedTest
  @MethodSource("dev.recall.redis.Scripts#all")
  void sha1_whenTakenOfAnyScript_isTheLowerCaseDigestOfItsSource(Script script) throws Exception {
    byte[] digest = MessageDigest.getInstance("SHA-1").digest(script.source().getBytes(UTF_8));

    assertThat(script.sha1()).isEqualTo(String.format("%040x", new BigInteger(1, digest)));
  }
}
