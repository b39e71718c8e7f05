package dev.recall.field;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recall.field.HonestCaller.Fared;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
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
    try (PackagedNode node = PackagedNode.withFiles(FILES, dir)) {
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
    try (PackagedNode node = PackagedNode.withFiles(FILES, dir)) {
      long before = node.openFiles();
      Flood.unread(node.httpPort(), 4 * FILES, HALF_A_HEADER).close();

      await()
          .atMost(Duration.ofSeconds(12))
          .untilAsserted(() -> assertThat(node.openFiles()).isLessThanOrEqualTo(before + 4));
    }
  }
}
