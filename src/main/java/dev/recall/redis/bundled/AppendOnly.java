package dev.recall.redis.bundled;

import dev.recall.config.BadSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The append-only files of a directory: which server wrote them, and whether they are there. Redis
 * 7 moves the {@code appendonly.aof} of an older server into {@code appendonlydir}; the older one
 * does not look there, and would start empty.
 */
final class AppendOnly {

  /** What Redis names them; the configuration says so too. */
  static final String FILE = "appendonly.aof";

  private static final Logger LOG = LoggerFactory.getLogger(AppendOnly.class);
  private static final String FOLDER = "appendonlydir";
  private static final String VERSION = "redis.version";
  private static final RedisVersion FIRST_WITH_FOLDER = new RedisVersion(7, 0, 0);
  private static final Pattern NAMED = Pattern.compile("(?m)^file (\\S+) ");

  private final DataDirectory directory;

  AppendOnly(DataDirectory directory) {
    this.directory = directory;
  }

  /**
   * Sees to it that no data are passed over.
   *
   * @param version of the server that is to read them
   * @throws BadSettings where a newer one wrote them, or two did
   */
  void requireReadableBy(RedisVersion version) throws IOException {
    Optional<RedisVersion> writer = writer();
    if (writer.isPresent() && writer.get().isNewerLineThan(version)) {
      throw new BadSettings(
          "data.dir: redis-server %s wrote what is in %s, and the newest here is %s, which cannot read it; install that version or a later one"
              .formatted(writer.get(), directory.path(), version));
    }
    if (isOfTwo()) {
      throw new BadSettings(
          "data.dir: %s has the data of two servers, %s of an old one and %s of redis-server 7.0 or later; move away those that you do not want"
              .formatted(directory.path(), FILE, FOLDER));
    }
    writer
        .filter(version::isNewerLineThan)
        .ifPresent(old -> LOG.info("redis-server {} takes over the data of {}", version, old));
  }

  /** To be called when a server has read them. */
  void takenOverBy(RedisVersion version) throws IOException {
    if (!Optional.of(version.toString()).equals(directory.read(VERSION))) {
      directory.write(VERSION, version.toString());
    }
  }

  /** Whether every file that a server needs at its next start is there. */
  boolean isWhole() throws IOException {
    Path folder = directory.path().resolve(FOLDER);
    Path manifest = folder.resolve(FILE + ".manifest");
    if (!Files.exists(manifest)) {
      return directory.has(FILE);
    }
    return NAMED
        .matcher(Files.readString(manifest))
        .results()
        .allMatch(named -> Files.exists(folder.resolve(named.group(1))));
  }

  private Optional<RedisVersion> writer() throws IOException {
    Optional<RedisVersion> said =
        directory.read(VERSION).map(String::trim).flatMap(RedisVersion::of);
    if (hasFolder() && said.filter(version -> version.major() >= 7).isEmpty()) {
      return Optional.of(FIRST_WITH_FOLDER);
    }
    return said.isEmpty() && directory.has(FILE) ? Optional.of(RedisVersion.OLDEST) : said;
  }

  private boolean isOfTwo() throws IOException {
    return hasFolder() && directory.has(FILE) && Files.size(directory.path().resolve(FILE)) > 0;
  }

  private boolean hasFolder() {
    return Files.exists(directory.path().resolve(FOLDER).resolve(FILE + ".manifest"));
  }
}
