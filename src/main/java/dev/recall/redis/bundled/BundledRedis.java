package dev.recall.redis.bundled;

import dev.recall.config.BadSettings;
import dev.recall.config.ConfDirectory;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real redis-server on a loopback port, for a machine that has none running. One node of those
 * that share a data directory owns it, as its child process; the others use it, and when the owner
 * is gone one of them takes over.
 *
 * <p>The lock on {@code redis.lock} says who owns it: the system frees it even after a kill -9, and
 * whoever gets it then ends the orphan first. All methods block; one caller at a time.
 */
public final class BundledRedis {

  private static final Logger LOG = LoggerFactory.getLogger(BundledRedis.class);

  private final Path dir;
  private final ConfDirectory conf;
  private @Nullable FileLock ownership;
  private @Nullable RedisChild child;
  private boolean stopped;
  private volatile int port;

  /**
   * A server that is not started yet.
   *
   * @param dir where it keeps its files; created where missing
   * @param conf has its {@code redis.conf}
   */
  public BundledRedis(Path dir, ConfDirectory conf) {
    this.dir = dir.toAbsolutePath();
    this.conf = conf;
  }

  /** Where it listens, as far as this node knows. */
  public String url() {
    return "redis://127.0.0.1:" + port;
  }

  /**
   * Sees to it that a server runs: starts one where this node owns it and it does not, takes over
   * where the owner is gone, and else notes where the owner runs it. To be called again and again.
   *
   * @throws BadSettings where no redis-server can run here
   */
  public synchronized void ensureRunning() {
    if (stopped) {
      return;
    }
    try {
      Files.createDirectories(dir);
      if (ownership == null) {
        own();
      }
      if (ownership == null) {
        port = recordedPort().orElse(port);
      } else if (child == null || !child.isAlive()) {
        start();
      }
    } catch (IOException failed) {
      throw new BadSettings("data.dir: " + failed);
    }
  }

  /** Ends the server where this node owns it, after it has written everything to disk. */
  public synchronized void stop() {
    stopped = true;
    if (ownership == null) {
      return;
    }
    try {
      if (child != null) {
        child.end();
      }
      ownership.acquiredBy().close();
    } catch (IOException failed) {
      LOG.warn("The lock on {} was not released", dir, failed);
    }
    ownership = null;
  }

  private void own() throws IOException {
    FileLock lock = tryOwn();
    if (lock != null) {
      try {
        endOrphan();
      } catch (IOException failed) {
        lock.acquiredBy().close();
        throw failed;
      }
      ownership = lock;
    }
  }

  private @Nullable FileLock tryOwn() throws IOException {
    FileChannel channel =
        FileChannel.open(
            dir.resolve("redis.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      FileLock lock = channel.tryLock();
      if (lock == null) {
        channel.close();
      }
      return lock;
    } catch (OverlappingFileLockException ownedInThisProcess) {
      channel.close();
      return null;
    }
  }

  private void endOrphan() throws IOException {
    Path file = dir.resolve("redis.pid");
    Optional<ProcessHandle> orphan = readNumber("redis.pid").flatMap(ProcessHandle::of);
    if (orphan.isPresent() && isRedis(orphan.get()) && wrote(orphan.get(), file)) {
      RedisChild.end(orphan.get());
    }
    Files.deleteIfExists(file);
  }

  // The process id may have been given to another program since. Debian's redis-server is a link
  // to redis-check-rdb.
  private static boolean isRedis(ProcessHandle process) {
    Path name = Path.of(process.info().command().orElse("unknown")).getFileName();
    return name != null && name.toString().startsWith("redis-");
  }

  // Not a redis-server that got the process id after ours had gone.
  private static boolean wrote(ProcessHandle process, Path file) throws IOException {
    Instant written = Files.getLastModifiedTime(file).toInstant();
    return process.info().startInstant().orElse(Instant.MAX).isBefore(written.plusSeconds(1));
  }

  // The port is told when it answers: those who share the directory may look at any time.
  private void start() throws IOException {
    int chosen = recordedPort().filter(FreePort::isFree).orElseGet(FreePort::any);
    Files.deleteIfExists(dir.resolve("redis.port"));
    Files.write(dir.resolve("redis.conf"), conf.read("redis.conf"));
    child = RedisChild.start(RedisProgram.find(dir), dir, chosen);
    Files.writeString(dir.resolve("redis.port"), Integer.toString(chosen));
    port = chosen;
  }

  private Optional<Integer> recordedPort() throws IOException {
    return readNumber("redis.port").map(Long::intValue);
  }

  private Optional<Long> readNumber(String file) throws IOException {
    Path path = dir.resolve(file);
    String text = Files.exists(path) ? Files.readString(path).trim() : "";
    return text.matches("\\d{1,10}") ? Optional.of(Long.valueOf(text)) : Optional.empty();
  }
}
