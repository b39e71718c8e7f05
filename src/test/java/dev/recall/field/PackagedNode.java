package dev.recall.field;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The packaged jar in a process of its own, with the flags of run.sh, on its bundled Redis. */
final class PackagedNode implements AutoCloseable {

  private static final Pattern LISTENS =
      Pattern.compile("listens on http://127.0.0.1:(\\d+), management on http://127.0.0.1:(\\d+)");
  private static final Pattern FLAGS = Pattern.compile("jvm=\\((.*)\\)");

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Path output;
  private final Process process;
  private final int httpPort;
  private final int managementPort;

  /** One that answers. */
  PackagedNode(Path dir, String... settings) throws IOException {
    this(dir, List.of(), settings);
  }

  /**
   * The same.
   *
   * @param jvm flags after those of run.sh, as in JAVA_OPTS
   */
  PackagedNode(Path dir, List<String> jvm, String... settings) throws IOException {
    this(List.of(), dir, jvm, settings);
  }

  /** One that may open so many files. */
  static PackagedNode withFiles(int most, Path dir) throws IOException {
    return new PackagedNode(List.of("prlimit", "--nofile=" + most), dir, List.of());
  }

  private PackagedNode(List<String> before, Path dir, List<String> jvm, String... settings)
      throws IOException {
    output = dir.resolve("out");
    List<String> command = new ArrayList<>(before);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    Matcher flags = FLAGS.matcher(Files.readString(Path.of("run.sh")));
    if (!flags.find()) {
      throw new IllegalStateException("run.sh sets no flags");
    }
    command.addAll(List.of(flags.group(1).split(" ")));
    command.addAll(jvm);
    command.addAll(List.of("-jar", System.getProperty("recall.jar")));
    command.addAll(List.of("--http.port=0", "--management.port=0"));
    command.add("--data.dir=" + dir.resolve("data"));
    command.addAll(List.of(settings));
    process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    await()
        .atMost(Duration.ofSeconds(40))
        .until(() -> LISTENS.matcher(Files.readString(output)).find());
    Matcher listens = LISTENS.matcher(Files.readString(output));
    listens.find();
    httpPort = Integer.parseInt(listens.group(1));
    managementPort = Integer.parseInt(listens.group(2));
  }

  int httpPort() {
    return httpPort;
  }

  int managementPort() {
    return managementPort;
  }

  String output() throws IOException {
    return Files.readString(output);
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** How many files it has open. */
  long openFiles() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("/proc", Long.toString(process.pid()), "fd"))) {
      return files.count();
    }
  }

  /** As {@code kill -STOP}. */
  void signal(String signal) throws IOException, InterruptedException {
    Shell.run("kill -" + signal + " " + process.pid());
  }

  HttpResponse<String> get(String path) {
    return ask("GET", path, "").join();
  }

  /** Asks with a body of JSON, unless that is empty. */
  CompletableFuture<HttpResponse<String>> ask(
      String method, String path, String json, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + httpPort + path))
            .timeout(Duration.ofSeconds(20))
            .method(method, HttpRequest.BodyPublishers.ofString(json));
    if (!json.isEmpty()) {
      request.header("Content-Type", "application/json");
    }
    if (headers.length > 0) {
      request.headers(headers);
    }
    return http.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  String manage(String path) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + managementPort + path))
            .timeout(Duration.ofSeconds(5))
            .build();
    return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
  }

  /** What a meter shows, all its labels together. */
  double meter(String name) throws IOException, InterruptedException {
    return manage("/metrics")
        .lines()
        .filter(line -> line.startsWith(name))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  /** What is live in the heap, in bytes. */
  double liveHeap() throws IOException, InterruptedException {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    new ProcessBuilder(jcmd.toString(), Long.toString(process.pid()), "GC.run")
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor(20, TimeUnit.SECONDS);
    return meter("jvm_memory_used_bytes{area=\"heap\"");
  }

  @Override
  public void close() {
    process.destroy(); // a kill -9 would leave the bundled Redis behind
    process.onExit().orTimeout(30, TimeUnit.SECONDS).join();
  }
}
