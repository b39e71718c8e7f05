package dev.recall.field;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recall.field.HonestCaller.Fared;
import dev.recall.testing.NodeProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that may open few files, before more connections than that. */
class FilesIT {

  private static final int FILES = 300;
  private static final byte[] HALF_A_HEADER =
      "GET / HTTP/1.1\r\nX: ".getBytes(StandardCharsets.ISO_8859_1);

  @TempDir private Path dir;

  @Test
  void node_withMoreConnectionsThanFiles_answersOthersAndLogsNothing() throws Exception {
    try (NodeProcess node = node()) {
      HonestCaller.asks(node.httpPort(), Duration.ofSeconds(2));
      final String before = node.output();
      try (Flood flood = Flood.unread(node.httpPort(), 4 * FILES, HALF_A_HEADER)) {
        await().atMost(Duration.ofSeconds(5)).until(() -> flood.opened() > 4 * FILES);
        Fared fared = HonestCaller.asks(node.httpPort(), Duration.ofSeconds(5));

        assertThat(fared.answered()).isGreaterThanOrEqualTo(0.99);
        assertThat(node.manage("/health/ready")).contains("\"redis\",\"status\":\"up\"");
      }
      assertThat(node.output()).isEqualTo(before);
    }
  }

  @Test
  void node_afterMoreConnectionsThanFiles_hasAsManyFilesAsBefore() throws Exception {
    try (NodeProcess node = node()) {
      long before = openFiles(node);
      Flood.unread(node.httpPort(), 4 * FILES, HALF_A_HEADER).close();

      await()
          .atMost(Duration.ofSeconds(12))
          .untilAsserted(() -> assertThat(openFiles(node)).isLessThanOrEqualTo(before + 4));
    }
  }

  private NodeProcess node() throws IOException {
    return NodeProcess.likeRunSh()
        .around("prlimit --nofile=" + FILES + " NODE")
        .started("--data.dir=" + dir.resolve("data"));
  }

  private static long openFiles(NodeProcess node) throws IOException {
    try (Stream<Path> files = Files.list(Path.of("/proc", Long.toString(node.pid()), "fd"))) {
      return files.count();
    }
  }
}
