package dev.recall.redis.bundled;

import dev.recall.config.BadSettings;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.embedded.core.ExecutableProvider;

/** Finds a redis-server that runs on this machine and is new enough. */
final class RedisProgram {

  private static final Logger LOG = LoggerFactory.getLogger(RedisProgram.class);
  private static final Pattern VERSION = Pattern.compile("v=(\\d+)\\.(\\d+)");

  private RedisProgram() {}

  /**
   * The bundled program, unpacked, or where that cannot run the one on the PATH.
   *
   * @param dir where to unpack
   * @throws BadSettings where neither runs
   */
  static Path find(Path dir) {
    return unpacked(dir)
        .filter(RedisProgram::runs)
        .or(() -> Optional.of(Path.of("redis-server")).filter(RedisProgram::runs))
        .orElseThrow(
            () ->
                new BadSettings(
                    "redis.url: none is given, the bundled redis-server cannot run here (is libssl"
                        + " installed?) and the PATH has none of version 6.2 or later; install one,"
                        + " or name a server with --redis.url=redis://host:6379"));
  }

  private static Optional<Path> unpacked(Path dir) {
    try {
      File program = ExecutableProvider.newJarResourceProvider(dir.toFile()).get();
      return Optional.of(program.toPath());
    } catch (IOException | RuntimeException notForThisPlatform) {
      LOG.info("No bundled redis-server for this platform: {}", notForThisPlatform.getMessage());
      return Optional.empty();
    }
  }

  private static boolean runs(Path program) {
    try {
      Process process = new ProcessBuilder(program.toString(), "--version").start();
      String answer =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
      boolean runs = process.waitFor() == 0 && isRecent(answer);
      if (!runs) {
        LOG.info("{} cannot be used: {}", program, answer.isEmpty() ? "it does not run" : answer);
      }
      return runs;
    } catch (IOException missing) {
      LOG.info("{} cannot be used: {}", program, missing.getMessage());
      return false;
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  static boolean isRecent(String answer) {
    Matcher version = VERSION.matcher(answer);
    if (!version.find()) {
      return false;
    }
    int major = Integer.parseInt(version.group(1));
    return major > 6 || (major == 6 && Integer.parseInt(version.group(2)) >= 2);
  }
}
