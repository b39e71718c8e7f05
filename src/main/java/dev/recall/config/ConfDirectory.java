package dev.recall.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The operator's configuration files; one that is missing is the one packed in the jar.
 *
 * @param path the directory; it need not exist
 */
public record ConfDirectory(Path path) {

  /**
   * A file as it is now.
   *
   * @param name of a file that {@code conf} has in the repository
   * @throws BadSettings where it cannot be read
   */
  public byte[] read(String name) {
    Path file = path.resolve(name);
    try {
      return Files.exists(file) ? Files.readAllBytes(file) : packed(name);
    } catch (IOException unreadable) {
      throw new BadSettings(file + " cannot be read: " + unreadable.getMessage());
    }
  }

  /** The default, as packed in the jar. */
  public static byte[] packed(String name) {
    try (InputStream in = ConfDirectory.class.getResourceAsStream("/conf/" + name)) {
      if (in == null) {
        throw new IllegalStateException("the jar lacks conf/" + name);
      }
      return in.readAllBytes();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }
}
