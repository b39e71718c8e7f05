package dev.recall.bench;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A server in a JVM of its own, with the flags that {@code run.sh} gives to Recall. */
final class ServerProcess implements AutoCloseable {

  private static final Duration LONGEST_START = Duration.ofSeconds(30);
  private static final long LONGEST_STOP_SECONDS = 30;
  private static final long POLL_MS = 2;

  private final Process process;
  private final URI root;
  private final Duration start;

  private ServerProcess(List<String> command, int port, String path)
      throws IOException, InterruptedException {
    root = URI.create("http://127.0.0.1:" + port);
    long begun = System.nanoTime();
    process = new ProcessBuilder(command).inheritIO().redirectOutput(Redirect.DISCARD).start();
    try {
      awaitAnswer(path, begun);
    } catch (IOException late) {
      close();
      throw late;
    }
    start = Duration.ofNanos(System.nanoTime() - begun);
  }

  /** A {@link BareServer}. */
  static ServerProcess bare() throws IOException, InterruptedException {
    int port = freePort();
    return new ServerProcess(
        java("-cp", System.getProperty("java.class.path"), BareServer.class.getName(), "" + port),
        port,
        "/");
  }

  /**
   * The packaged Recall with its bundled Redis, which keeps its files in a directory.
   *
   * @param settings flags, the port of management among them
   */
  static ServerProcess recall(Path data, String... settings)
      throws IOException, InterruptedException {
    int port = freePort();
    List<String> command =
        java("-jar", "target/recall.jar", "--http.port=" + port, "--data.dir=" + data);
    command.addAll(List.of(settings));
    return new ServerProcess(command, port, "/cache/calculate/10");
  }

  /** A port of the loopback address that nobody listens on now. */
  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** The flags, as {@code run.sh} tells them. */
  static List<String> jvmFlags() {
    String flags = System.getenv("BENCH_JVM");
    return flags == null ? List.of() : List.of(flags.split(" "));
  }

  /** An address of this server. */
  URI at(String path) {
    return root.resolve(path);
  }

  /** The time from the start of the process to its first answer. */
  Duration start() {
    return start;
  }

  /** The process. */
  long pid() {
    return process.pid();
  }

  /** The memory that the process has in use, the bundled Redis not included. */
  long residentMegabytes() throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/" + process.pid() + "/status"))) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
          .findFirst()
          .orElseThrow();
    }
  }

  /** As {@code kill -9}. */
  void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  @Override
  public void close() {
    List<ProcessHandle> children = process.descendants().toList();
    process.destroy();
    try {
      process.onExit().orTimeout(LONGEST_STOP_SECONDS, TimeUnit.SECONDS).join();
    } catch (CompletionException stuck) {
      process.destroyForcibly();
      children.forEach(ProcessHandle::destroyForcibly);
    }
  }

  private void awaitAnswer(String path, long begun) throws IOException, InterruptedException {
    HttpClient client = HttpClient.newHttpClient();
    HttpRequest request = HttpRequest.newBuilder(at(path)).timeout(LONGEST_START).build();
    while (!answers(client, request)) {
      if (!process.isAlive() || System.nanoTime() - begun > LONGEST_START.toNanos()) {
        throw new IOException("no server at " + root);
      }
      Thread.sleep(POLL_MS);
    }
  }

  private static boolean answers(HttpClient client, HttpRequest request)
      throws InterruptedException {
    try {
      return client.send(request, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException notYet) {
      return false;
    }
  }

  private static List<String> java(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmFlags());
    command.addAll(List.of(arguments));
    return command;
  }
}
