package dev.recall.redis.bundled;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.recall.config.BadSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DataDirectoryTest {

  @TempDir private Path parent;

  @Test
  void open_whenItIsMissing_createsItForUsAlone() throws IOException {
    Path missing = parent.resolve("a/b");

    DataDirectory.open(missing);

    assertThat(mode(missing)).isEqualTo("rwx------");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rwxr-xr-x", "rwxrwxr-x", "rwxrwxrwx", "rwx--x--x"})
  void open_whenOthersCouldLookIn_closesIt(String mode) throws IOException {
    Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString(mode));

    DataDirectory.open(parent);

    assertThat(mode(parent)).isEqualTo("rwx------");
  }

  @Test
  void open_ofALinkOfOurs_isTheDirectoryItPointsTo() throws IOException {
    Path target = Files.createDirectory(parent.resolve("target"));
    Path link = Files.createSymbolicLink(parent.resolve("link"), target);

    assertThat(DataDirectory.open(link).path()).isEqualTo(target.toRealPath());
  }

  @ParameterizedTest
  @ValueSource(strings = {"redis.log", "redis.pid", "redis.server", "appendonly.aof", "redis.conf"})
  void requireOurFiles_whenOneIsALink_refusesAndLeavesTheTarget(String name) throws IOException {
    Path victim = Files.writeString(parent.resolve("victim"), "mine");
    Path dir = Files.createDirectory(parent.resolve("data"));
    Files.createSymbolicLink(dir.resolve(name), victim);
    DataDirectory directory = DataDirectory.open(dir);

    assertThatThrownBy(directory::requireOurFiles)
        .isInstanceOf(BadSettings.class)
        .hasMessageContaining(name + " is a link");
    assertThat(victim).hasContent("mine");
  }

  @Test
  void requireOurFiles_whenOneOfThoseInsideIsALink_refuses() throws IOException {
    Path dir = parent.resolve("data");
    Files.createDirectories(dir.resolve("appendonlydir"));
    Files.createSymbolicLink(dir.resolve("appendonlydir/x"), parent.resolve("victim"));

    assertThatThrownBy(DataDirectory.open(dir)::requireOurFiles).hasMessageContaining("is a link");
  }

  @Test
  void requireOurFiles_whenOneHasAnotherName_refuses() throws IOException {
    Path victim = Files.writeString(parent.resolve("victim"), "mine");
    Path dir = Files.createDirectory(parent.resolve("data"));
    Files.createLink(dir.resolve("redis.log"), victim);

    assertThatThrownBy(DataDirectory.open(dir)::requireOurFiles)
        .hasMessageContaining("has another name");
  }

  @Test
  void requireOurFiles_whenOneWasReadableForAll_closesIt() throws IOException {
    Path file = Files.writeString(parent.resolve("appendonly.aof"), "data");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

    DataDirectory.open(parent).requireOurFiles();

    assertThat(mode(file)).isEqualTo("rw-------");
  }

  @Test
  void write_overALink_replacesTheLinkAndLeavesItsTarget() throws IOException {
    Path victim = Files.writeString(parent.resolve("victim"), "mine");
    Files.createSymbolicLink(parent.resolve("redis.port"), victim);
    DataDirectory directory = DataDirectory.open(parent);

    directory.write("redis.port", "1");

    assertThat(victim).hasContent("mine");
    assertThat(directory.read("redis.port")).contains("1");
    assertThat(mode(parent.resolve("redis.port"))).isEqualTo("rw-------");
  }

  @Test
  void read_ofALink_isRefused() throws IOException {
    Path victim = Files.writeString(parent.resolve("victim"), "mine");
    Files.createSymbolicLink(parent.resolve("redis.port"), victim);
    DataDirectory directory = DataDirectory.open(parent);

    assertThatThrownBy(() -> directory.read("redis.port")).isInstanceOf(IOException.class);
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
