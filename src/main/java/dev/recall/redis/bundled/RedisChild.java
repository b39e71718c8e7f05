package dev.recall.redis.bundled;

import dev.recall.config.BadSettings;
import dev.recall.config.Deadlines;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A redis-server that this node has started, and that alone writes into its directory. */
final class RedisChild {

  private static final Logger LOG = LoggerFactory.getLogger(RedisChild.class);
  private static final long START_MS = 30_000;
  private static final long LOAD_MS = 10_000;
  private static final long POLL_MS = 10;
  private static final int HELD = 75;
  private static final int NO_LOCK = 74;
  private static final int LOG_TAIL = 4096;
  private static final String LOG_PREFIX = "^\\d+:[A-Z] .{24} [-.*#] ";

  private final Process process;
  private final Path dir;

  private RedisChild(Process process, Path dir) {
    this.process = process;
    this.dir = dir;
  }

  /**
   * Starts a server, which ends by itself where another one writes into the directory.
   *
   * @param configuration goes to its standard input, where no other user sees it
   */
  static RedisChild start(RedisProgram program, Path dir, String configuration) throws IOException {
    Process process =
        new ProcessBuilder(
                List.of(
                    "/bin/sh",
                    "-c",
                    RedisConfiguration.resource("launch.sh"),
                    "launch",
                    dir.toString(),
                    program.command()))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    RedisChild child = new RedisChild(process, dir);
    try (OutputStream input = process.getOutputStream()) {
      input.write(configuration.getBytes(StandardCharsets.UTF_8));
    } catch (IOException ended) {
      LOG.debug("It does not read its configuration", ended); // its exit code tells why
    }
    return child;
  }

  /**
   * The presence at it, once it answers and has read its data; after ten seconds of reading, also
   * while it does so.
   *
   * @return empty where another server writes into the directory
   * @throws BadSettings where it ends instead
   */
  Optional<Keeper> present(int port, String password) throws IOException {
    for (long waited = 0; waited < START_MS; waited += POLL_MS) {
      Optional<Keeper> keeper =
          Keeper.connected(port, password).filter(found -> found.processId() == process.pid());
      if (keeper.isPresent() && (!keeper.get().isLoading() || waited > LOAD_MS)) {
        return keeper;
      }
      keeper.ifPresent(Keeper::close);
      if (endsWithin(POLL_MS)) {
        return whyEnded();
      }
    }
    end();
    throw new BadSettings("data.dir: the bundled Redis does not answer; see " + log());
  }

  /** Completes when it has ended. */
  CompletableFuture<?> ended() {
    return process.onExit();
  }

  /** Ends it, however it may be. */
  void end() {
    process.destroy();
    if (!endsWithin(Deadlines.REDIS_STOP.toMillis())) {
      LOG.warn("The bundled Redis did not end by itself");
      process.destroyForcibly();
    }
  }

  /** Waits for the end of a server that has been told to; tells whether it came. */
  boolean endsWithin(long millis) {
    try {
      return process.waitFor(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  private Optional<Keeper> whyEnded() throws IOException {
    return switch (process.exitValue()) {
      case HELD -> Optional.empty();
      case NO_LOCK ->
          throw new BadSettings(
              "data.dir: %s cannot be locked: neither flock nor perl is installed, or the file system has no locks"
                  .formatted(dir));
      default ->
          throw new BadSettings(
              "data.dir: the bundled Redis does not start: %s; see %s"
                  .formatted(lastWords(), log()));
    };
  }

  private String lastWords() throws IOException {
    if (Files.getFileStore(dir).getUsableSpace() < LOG_TAIL) {
      return "the disk is full";
    }
    if (!Files.exists(log())) {
      return "it says nothing";
    }
    try (SeekableByteChannel channel = Files.newByteChannel(log())) {
      channel.position(Math.max(0, channel.size() - LOG_TAIL));
      String tail =
          new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
      String last = tail.strip().lines().reduce("", (before, after) -> after);
      return last.replaceFirst(LOG_PREFIX, "");
    }
  }

  private Path log() {
    return dir.resolve("redis.log");
  }
}
