package dev.recall.bench;

import static org.awaitility.Awaitility.await;

import dev.recall.testing.LoopbackPort;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** An nginx that caches what an origin answers, as a process of its own. */
final class Nginx implements AutoCloseable {

  private static final String CONFIGURATION = "nginx.conf";

  private final int port = LoopbackPort.free();
  private final DataDirectory directory = new DataDirectory();
  private final Process process;

  private Nginx(String program, SlowOrigin origin) throws IOException {
    Files.writeString(directory.path().resolve(CONFIGURATION), configuration(origin));
    process =
        new ProcessBuilder(program, "-p", directory.path() + "/", "-c", CONFIGURATION)
            .redirectErrorStream(true)
            .redirectOutput(Redirect.INHERIT)
            .start();
    await().until(() -> !process.isAlive() || LoopbackPort.isListening(port));
    if (!process.isAlive()) {
      directory.close();
      throw new IOException("nginx does not start");
    }
  }

  /** One in front of an origin, that answers; none where nginx is not installed. */
  static Optional<Nginx> before(SlowOrigin origin) throws IOException {
    Optional<String> program = program();
    return program.isEmpty() ? Optional.empty() : Optional.of(new Nginx(program.get(), origin));
  }

  // Debian keeps it where only root looks.
  private static Optional<String> program() {
    String path = System.getenv().getOrDefault("PATH", "") + File.pathSeparator + "/usr/sbin";
    return Stream.of(path.split(File.pathSeparator))
        .map(directory -> directory + "/nginx")
        .filter(file -> new File(file).canExecute())
        .findFirst();
  }

  private String configuration(SlowOrigin origin) throws IOException {
    try (InputStream in = Nginx.class.getResourceAsStream(CONFIGURATION)) {
      if (in == null) {
        throw new IOException("the class path lacks " + CONFIGURATION);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .replace("USER", System.getProperty("user.name"))
          .replace("ORIGIN", "127.0.0.1:" + origin.port())
          .replace("LISTEN", "127.0.0.1:" + port);
    }
  }

  /** What its paths follow: those of the origin. */
  URI root() {
    return URI.create("http://127.0.0.1:" + port + "/");
  }

  @Override
  public void close() throws IOException {
    List<ProcessHandle> workers = process.descendants().toList();
    process.destroy();
    process.onExit().join();
    workers.forEach(worker -> worker.onExit().join());
    directory.close();
  }
}
