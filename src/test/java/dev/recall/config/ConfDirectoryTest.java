package dev.recall.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfDirectoryTest {

  @TempDir private Path path;

  @Test
  void read_whenTheFileExists_isItsContent() throws IOException {
    Files.writeString(path.resolve("redis.conf"), "port 1");

    assertThat(new ConfDirectory(path).read("redis.conf")).asString(UTF_8).isEqualTo("port 1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"recall.yaml", "redis.conf", "cluster.xml"})
  void read_whenTheDirectoryIsEmpty_isTheFileOfTheRepository(String name) throws IOException {
    assertThat(new ConfDirectory(path).read(name))
        .isNotEmpty()
        .isEqualTo(Files.readAllBytes(Path.of("conf", name)));
  }

  @Test
  void read_whenTheDirectoryDoesNotExist_isThePackedFile() {
    assertThat(new ConfDirectory(path.resolve("absent")).read("recall.yaml"))
        .isEqualTo(ConfDirectory.packed("recall.yaml"));
  }

  @Test
  void read_whenTheFileCannotBeRead_namesIt() throws IOException {
    Path directory = Files.createDirectory(path.resolve("redis.conf"));

    assertThatExceptionOfType(BadSettings.class)
        .isThrownBy(() -> new ConfDirectory(path).read("redis.conf"))
        .withMessageStartingWith(directory + " cannot be read");
  }
}
