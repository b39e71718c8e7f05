package dev.recall.redis.bundled;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AppendOnlyTest {

  private static final RedisVersion OLD = new RedisVersion(6, 2, 11);
  private static final RedisVersion NEW = new RedisVersion(7, 0, 15);

  @TempDir private Path dir;

  @Test
  void requireReadableBy_anOlderServer_namesBothVersions() throws IOException {
    AppendOnly data = data();
    data.takenOverBy(NEW);

    assertThatThrownBy(() -> data.requireReadableBy(OLD))
        .hasMessageContaining("7.0.15")
        .hasMessageContaining("6.2.11");
  }

  @Test
  void requireReadableBy_anOlderServerWithoutANote_looksAtTheFiles() throws IOException {
    writeManifest();

    assertThatThrownBy(() -> data().requireReadableBy(OLD)).hasMessageContaining("7.0.0");
  }

  @Test
  void requireReadableBy_anotherPatchOrANewerServer_doesNotRefuse() throws IOException {
    AppendOnly data = data();
    data.takenOverBy(NEW);

    assertThatCode(() -> data.requireReadableBy(new RedisVersion(7, 0, 11)))
        .doesNotThrowAnyException();
    assertThatCode(() -> data.requireReadableBy(new RedisVersion(7, 2, 4)))
        .doesNotThrowAnyException();
  }

  @Test
  void requireReadableBy_whereTwoServersWrote_refuses() throws IOException {
    writeManifest();
    Files.writeString(dir.resolve("appendonly.aof"), "*1");

    assertThatThrownBy(() -> data().requireReadableBy(NEW)).hasMessageContaining("two servers");
  }

  @Test
  void isWhole_whenAFileThatIsListedIsMissing_doesNotHold() throws IOException {
    writeManifest();
    assertThat(data().isWhole()).isTrue();

    Files.delete(dir.resolve("appendonlydir/appendonly.aof.1.incr.aof"));

    assertThat(data().isWhole()).isFalse();
  }

  private AppendOnly data() throws IOException {
    return new AppendOnly(DataDirectory.open(dir));
  }

  private void writeManifest() throws IOException {
    Path folder = Files.createDirectory(dir.resolve("appendonlydir"));
    Files.writeString(
        folder.resolve("appendonly.aof.manifest"), "file appendonly.aof.1.incr.aof seq 1 type i\n");
    Files.createFile(folder.resolve("appendonly.aof.1.incr.aof"));
  }
}
