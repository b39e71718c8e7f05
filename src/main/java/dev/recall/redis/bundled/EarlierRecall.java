package dev.recall.redis.bundled;

import dev.recall.config.BadSettings;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the first version of Recall leaves in a data directory: a lock on {@code redis.lock} while
 * its node lives, a server without a password that may outlive it, and a {@code redis.conf}.
 */
final class EarlierRecall {

  private static final Logger LOG = LoggerFactory.getLogger(EarlierRecall.class);
  private static final String LOCK = "redis.lock";

  private EarlierRecall() {}

  /**
   * Ends its orphan, and removes what is not needed any more.
   *
   * @throws BadSettings where its node may be running
   */
  static void takeOver(DataDirectory directory) throws IOException {
    if (!directory.has(LOCK)) {
      requireNoServer(directory);
      return;
    }
    try (FileChannel channel =
        FileChannel.open(
            directory.path().resolve(LOCK), StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
      requireLocked(channel, directory);
      endOrphan(directory);
      directory.delete("redis.conf");
      directory.delete(LOCK);
    }
  }

  private static void requireLocked(FileChannel channel, DataDirectory directory)
      throws IOException {
    FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException inThisProcess) {
      lock = null;
    }
    if (lock == null) {
      throw running(directory);
    }
  }

  private static void requireNoServer(DataDirectory directory) throws IOException {
    if (isServerOf(directory)) {
      throw running(directory);
    }
  }

  private static BadSettings running(DataDirectory directory) {
    return new BadSettings(
        "data.dir: an earlier version of Recall writes into %s; stop it, and its redis-server, first"
            .formatted(directory.path()));
  }

  private static void endOrphan(DataDirectory directory) throws IOException {
    int port = port(directory);
    try (RedisLine line = new RedisLine(port)) {
      if (isServerOf(directory, line)) {
        LOG.info("Ending the redis-server that an earlier version of Recall left running");
        end(line, directory);
      }
    } catch (ConnectException nobody) {
      LOG.debug("Nobody listens on {}", port);
    }
  }

  // It answers SHUTDOWN only if it refuses.
  private static void end(RedisLine line, DataDirectory directory) throws IOException {
    try {
      line.ask("SHUTDOWN");
    } catch (SocketTimeoutException busy) {
      line.isClosedWithin(10_000);
    } catch (IOException closed) {
      return;
    }
    throw running(directory);
  }

  private static boolean isServerOf(DataDirectory directory) throws IOException {
    try (RedisLine line = new RedisLine(port(directory))) {
      return isServerOf(directory, line);
    } catch (IOException nobody) {
      return false;
    }
  }

  // One that has a password is none of these.
  private static boolean isServerOf(DataDirectory directory, RedisLine line) throws IOException {
    if (!line.ask("PING").matches("\\+PONG|-LOADING.*")) {
      return false;
    }
    String[] answer = line.ask("CONFIG", "GET", "dir").split("\n", -1);
    return answer.length > 1
        && Files.exists(Path.of(answer[1]))
        && Files.isSameFile(Path.of(answer[1]), directory.path());
  }

  private static int port(DataDirectory directory) throws IOException {
    return directory
        .read("redis.port")
        .map(String::trim)
        .filter(text -> text.matches("\\d{1,5}"))
        .map(Integer::valueOf)
        .filter(port -> port > 0 && port < 65_536)
        .orElse(1); // where nobody listens
  }
}
