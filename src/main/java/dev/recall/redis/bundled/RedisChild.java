package dev.recall.redis.bundled;

import dev.recall.config.BadSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A redis-server that runs as our child process. */
final class RedisChild {

  private static final Logger LOG = LoggerFactory.getLogger(RedisChild.class);

  /** Where it is, keeps the Ctrl-C that ends the node from the server that the node still needs. */
  private static final Path SETSID = Path.of("/usr/bin/setsid");

  private static final long START_MS = 10_000;
  private static final long STOP_SECONDS = 10;
  private static final long POLL_MS = 10;

  private final Process process;
  private final int port;
  private final Path log;

  private RedisChild(Process process, int port, Path log) {
    this.process = process;
    this.port = port;
    this.log = log;
  }

  /**
   * A child that answers, or is still loading much data after ten seconds.
   *
   * @param program to run, with the {@code redis.conf} of the directory
   * @param dir where it keeps its data, its log and its process id
   * @throws BadSettings where it ends instead
   */
  static RedisChild start(Path program, Path dir, int port) throws IOException {
    Path log = dir.resolve("redis.log");
    List<String> command = new ArrayList<>();
    if (Files.isExecutable(SETSID)) {
      command.add(SETSID.toString());
    }
    command.addAll(List.of(program.toString(), dir.resolve("redis.conf").toString()));
    command.addAll(List.of("--port", Integer.toString(port), "--bind", "127.0.0.1"));
    command.addAll(List.of("--dir", dir.toString()));
    command.addAll(List.of("--pidfile", dir.resolve("redis.pid").toString()));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    RedisChild child = new RedisChild(process, port, log);
    child.awaitAnswering();
    LOG.info("Started {} on 127.0.0.1:{}", program.getFileName(), port);
    return child;
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Ends it after it has written everything to disk. */
  void end() {
    end(process.toHandle());
  }

  /** Ends a redis-server that may be nobody's child any more. */
  static void end(ProcessHandle server) {
    server.destroy();
    try {
      server.onExit().get(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException unfinished) {
      LOG.warn("The bundled Redis did not end by itself", unfinished);
      server.destroyForcibly();
    } catch (InterruptedException stopped) {
      server.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private void awaitAnswering() {
    for (long waited = 0; !isAnswering(); waited += POLL_MS) {
      if (endsWithin(POLL_MS)) {
        throw new BadSettings("data.dir: the bundled Redis does not start; see " + log);
      }
      if (waited > START_MS) {
        LOG.warn("The bundled Redis is slow to start; see {}", log);
        return;
      }
    }
  }

  private boolean isAnswering() {
    try (Socket probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
      probe.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
      return probe.getInputStream().read() == '+'; // +PONG, or -LOADING
    } catch (IOException refused) {
      return false;
    }
  }

  private boolean endsWithin(long millis) {
    try {
      return process.waitFor(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return true;
    }
  }
}
