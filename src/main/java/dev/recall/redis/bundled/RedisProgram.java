package dev.recall.redis.bundled;

import dev.recall.config.BadSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.embedded.core.ExecutableProvider;

/**
 * A redis-server that runs on this machine.
 *
 * @param command what starts it
 * @param version which it says it is
 */
record RedisProgram(String command, RedisVersion version) {

  private static final Logger LOG = LoggerFactory.getLogger(RedisProgram.class);

  /** Where the PATH has this line or a later one, the packed program is not newer. */
  private static final RedisVersion NEWER_THAN_PACKED = new RedisVersion(7, 0, 0);

  private static final int TRIES = 20;
  private static final long BUSY_MS = 50;
  private static final long ANSWER_SECONDS = 10;

  /**
   * The newest at hand: that of the PATH, or the one packed in the jar.
   *
   * @param dir where to unpack
   * @throws BadSettings where neither runs
   */
  static RedisProgram find(Path dir) {
    Optional<RedisProgram> onPath = asked("redis-server");
    if (onPath.filter(found -> found.version.compareTo(NEWER_THAN_PACKED) >= 0).isPresent()) {
      return onPath.get();
    }
    return Stream.concat(onPath.stream(), unpacked(dir).flatMap(RedisProgram::asked).stream())
        .max(Comparator.comparing(RedisProgram::version))
        .orElseThrow(
            () ->
                new BadSettings(
                    "redis.url: none is given, the bundled redis-server cannot run here (is libssl"
                        + " installed? does data.dir allow programs?) and the PATH has none of"
                        + " version 6.2 or later; install one, or name a server with"
                        + " --redis.url=redis://host:6379"));
  }

  // Under a name of its own until it is whole: a server that runs from the old file keeps that.
  private static Optional<String> unpacked(Path dir) {
    try {
      Path aside = Files.createTempDirectory(dir, "redis-unpack");
      try {
        Path fresh = ExecutableProvider.newJarResourceProvider(aside.toFile()).get().toPath();
        Path program = dir.resolve("redis-server-bundled");
        Files.move(fresh, program, StandardCopyOption.ATOMIC_MOVE);
        return Optional.of(program.toString());
      } finally {
        deleteTree(aside);
      }
    } catch (IOException | RuntimeException notForThisPlatform) {
      LOG.info("No bundled redis-server here: {}", notForThisPlatform.getMessage());
      return Optional.empty();
    }
  }

  private static void deleteTree(Path top) throws IOException {
    Files.walkFileTree(
        top,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path dir, @Nullable IOException failed)
              throws IOException {
            Files.delete(dir);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static Optional<RedisProgram> asked(String command) {
    try {
      String answer = answer(command);
      Optional<RedisVersion> version =
          RedisVersion.answeredIn(answer)
              .filter(found -> found.compareTo(RedisVersion.OLDEST) >= 0);
      if (version.isEmpty()) {
        LOG.info("{} cannot be used: {}", command, answer.isEmpty() ? "it is silent" : answer);
      }
      return version.map(found -> new RedisProgram(command, found));
    } catch (IOException missing) {
      LOG.info("{} cannot be used: {}", command, missing.getMessage());
      return Optional.empty();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  private static String answer(String command) throws IOException, InterruptedException {
    Process process = started(command, TRIES);
    String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor(ANSWER_SECONDS, TimeUnit.SECONDS);
    return answer.trim();
  }

  // "Text file busy": a process that another thread is starting just now still has the file open
  // for writing, which it got from us; it closes it when it becomes what it is to be.
  private static Process started(String command, int tries)
      throws IOException, InterruptedException {
    try {
      return new ProcessBuilder(command, "--version").redirectErrorStream(true).start();
    } catch (IOException failed) {
      boolean busy = String.valueOf(failed.getMessage()).contains("Text file busy");
      if (!busy || tries == 0) {
        throw failed;
      }
      TimeUnit.MILLISECONDS.sleep(BUSY_MS);
      return started(command, tries - 1);
    }
  }
}
