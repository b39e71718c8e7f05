package dev.recall.redis.bundled;

import dev.recall.testing.LoopbackPort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;

/**
 * A real redis-server on a loopback port, as a process that a test can kill, freeze and restart.
 */
public final class RedisProcess implements AutoCloseable {

  /** A server in cluster mode takes a second port, so much higher; not every one lets it be set. */
  private static final int MEMBER_PORT = 10_000;

  private final int port;
  private final Path dir;
  private final List<String> command;
  private Process process;

  /**
   * A server that answers; its port stays the same for its whole life.
   *
   * @param options as on the command line of redis-server
   */
  public RedisProcess(String... options) {
    this(FreePort.any(), options);
  }

  /** One in cluster mode that has no slots yet. */
  public static RedisProcess inClusterMode() {
    int port =
        IntStream.generate(FreePort::any)
            .filter(free -> free <= 65_535 - MEMBER_PORT)
            .findFirst()
            .orElseThrow();
    return new RedisProcess(port, "--cluster-enabled", "yes");
  }

  private RedisProcess(int port, String... options) {
    this.port = port;
    try {
      dir = Files.createTempDirectory("recall-redis");
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    command = new ArrayList<>();
    command.addAll(List.of(RedisProgram.find(dir).command(), "--port", Integer.toString(port)));
    command.addAll(List.of("--bind", "127.0.0.1", "--save", "", "--dir", dir.toString()));
    command.addAll(List.of(options));
    process = launch();
  }

  public String url() {
    return "redis://127.0.0.1:" + port;
  }

  public int port() {
    return port;
  }

  /** After a kill: the same server, empty unless its options say otherwise. */
  public void restart() {
    process = launch();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  public long pid() {
    return process.pid();
  }

  /** As {@code kill -9}. */
  public void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  /** As {@code kill -STOP}: it still accepts connections, and answers nothing. */
  public void freeze() {
    signal("-STOP");
  }

  public void thaw() {
    signal("-CONT");
  }

  @Override
  public void close() {
    kill();
    try (var files = Files.list(dir)) {
      files.forEach(file -> file.toFile().delete());
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    dir.toFile().delete();
  }

  private Process launch() {
    try {
      Process launched =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(dir.resolve("log").toFile())
              .start();
      Awaitility.await()
          .pollInterval(5, TimeUnit.MILLISECONDS)
          .until(() -> LoopbackPort.isListening(port));
      return launched;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private void signal(String signal) {
    try {
      new ProcessBuilder("kill", signal, Long.toString(process.pid())).start().waitFor();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }
}
