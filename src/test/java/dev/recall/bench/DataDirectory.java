package dev.recall.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** An empty directory, removed with whatever a server has put there. */
final class DataDirectory implements AutoCloseable {

  private final Path path;

  DataDirectory() throws IOException {
    path = Files.createTempDirectory("recall-bench");
  }

  Path path() {
    return path;
  }

  @Override
  public void close() throws IOException {
    List<Path> content;
    try (Stream<Path> walk = Files.walk(path)) {
      content = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : content) {
      Files.deleteIfExists(file);
    }
  }
}
