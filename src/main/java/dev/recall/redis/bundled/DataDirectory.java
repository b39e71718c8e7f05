package dev.recall.redis.bundled;

import com.sun.security.auth.module.UnixSystem;
import dev.recall.config.BadSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory that only we can look into, and our files in it.
 *
 * <p>Nobody else can put anything there once it is open, so what was there before is looked at
 * once, before a server writes there: it may have been anybody's until then.
 */
final class DataDirectory {

  private static final Logger LOG = LoggerFactory.getLogger(DataDirectory.class);
  private static final Set<PosixFilePermission> OURS_ALONE =
      PosixFilePermissions.fromString("rwx------");
  private static final int OTHERS = 0077;
  private static final List<String> WRITTEN_BY_US = List.of("redis", "appendonly", "temp-", "dump");
  private static final long US = new UnixSystem().getUid();

  private final Path path;
  private final String identity;

  private DataDirectory(Path path) throws IOException {
    this.path = path;
    identity =
        Objects.toString(Files.readAttributes(path, BasicFileAttributes.class).fileKey(), "none");
  }

  /**
   * The directory, created where missing, and closed to others where it was open to them.
   *
   * @param given may be a link of our own, or of root's
   * @throws BadSettings where it belongs to somebody else, or others cannot be kept out
   */
  static DataDirectory open(Path given) throws IOException {
    if (Files.isSymbolicLink(given)) {
      long owner = Facts.of(given).owner();
      require(owner == US || owner == 0, given + " is a link that another user has made");
    }
    create(given);
    Path path = given.toRealPath();
    Facts facts = Facts.of(path);
    require(
        facts.owner() == US, path + " belongs to another user, not to the one who starts Recall");
    if (facts.isOpenToOthers()) {
      closeToOthers(path);
      LOG.info("{} was open to other users, and is so no more", path);
    }
    return new DataDirectory(path);
  }

  Path path() {
    return path;
  }

  /** What tells it from a copy of it, or from another one that has its name now. */
  String identity() {
    return identity;
  }

  /** A small file; empty where there is none. */
  Optional<String> read(String name) throws IOException {
    try (var in = Files.newInputStream(path.resolve(name), LinkOption.NOFOLLOW_LINKS)) {
      return Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (NoSuchFileException missing) {
      return Optional.empty();
    }
  }

  /** Writes a small file as a whole, for us alone; in the place of whatever has its name. */
  void write(String name, String text) throws IOException {
    Path fresh = path.resolve(name + ".new");
    Files.deleteIfExists(fresh);
    Files.createFile(
        fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(fresh, text, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    Files.move(fresh, path.resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }

  void delete(String name) throws IOException {
    Files.deleteIfExists(path.resolve(name));
  }

  boolean has(String name) {
    return Files.exists(path.resolve(name), LinkOption.NOFOLLOW_LINKS);
  }

  /**
   * Sees to it that a server writes into files of ours and no others, and closes them to others.
   *
   * @throws BadSettings where a file is a link, or has another owner or another name
   */
  void requireOurFiles() throws IOException {
    requireOurFiles(path, WRITTEN_BY_US);
  }

  private static void requireOurFiles(Path dir, List<String> prefixes) throws IOException {
    List<Path> files;
    try (Stream<Path> listed = Files.list(dir)) {
      files =
          listed
              .filter(
                  file ->
                      prefixes.stream().anyMatch(String.valueOf(file.getFileName())::startsWith))
              .toList();
    }
    for (Path file : files) {
      requireOurs(file);
    }
  }

  private static void requireOurs(Path file) throws IOException {
    Facts facts = Facts.of(file);
    require(!facts.isLink(), file + " is a link, which the bundled Redis would follow");
    require(facts.owner() == US, file + " belongs to another user");
    require(facts.isDirectory() || facts.links() == 1, file + " has another name somewhere else");
    if (facts.isOpenToOthers()) {
      closeToOthers(file);
    }
    if (facts.isDirectory()) {
      requireOurFiles(file, List.of(""));
    }
  }

  private static void create(Path given) throws IOException {
    if (Files.isDirectory(given)) {
      return;
    }
    Path parent = given.toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    try {
      Files.createDirectory(given, PosixFilePermissions.asFileAttribute(OURS_ALONE));
    } catch (FileAlreadyExistsException exists) {
      require(Files.isDirectory(given), given + " is no directory");
    }
  }

  private static void closeToOthers(Path path) throws IOException {
    Set<PosixFilePermission> kept = EnumSet.copyOf(OURS_ALONE);
    if (!Files.isDirectory(path)) {
      kept.retainAll(Files.getPosixFilePermissions(path));
    }
    Files.setPosixFilePermissions(path, kept);
    require(!Facts.of(path).isOpenToOthers(), path + " cannot be closed to other users");
  }

  private static void require(boolean condition, String fault) {
    if (!condition) {
      throw new BadSettings("data.dir: " + fault);
    }
  }

  /** What the system says of a file itself, not of what it may point to. */
  private record Facts(long owner, int mode, int links, boolean isLink, boolean isDirectory) {

    static Facts of(Path path) throws IOException {
      Map<String, Object> unix =
          Files.readAttributes(
              path, "unix:uid,mode,nlink,isSymbolicLink,isDirectory", LinkOption.NOFOLLOW_LINKS);
      return new Facts(
          number(unix, "uid"),
          (int) number(unix, "mode"),
          (int) number(unix, "nlink"),
          Boolean.TRUE.equals(unix.get("isSymbolicLink")),
          Boolean.TRUE.equals(unix.get("isDirectory")));
    }

    boolean isOpenToOthers() {
      return (mode & OTHERS) != 0;
    }

    private static long number(Map<String, Object> unix, String name) {
      return unix.get(name) instanceof Number number ? number.longValue() : 0;
    }
  }
}
