package dev.recall.testing;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The packaged jar in a process of its own, and a caller of its HTTP. */
public final class NodeProcess implements AutoCloseable {

  private static final String JAR = System.getProperty("recall.jar", "target/recall.jar");
  private static final Pattern RUN_SH_FLAGS = Pattern.compile("jvm=\\((.*)\\)");
  private static final Pattern HTTP = Pattern.compile("listens on http://127\\.0\\.0\\.1:(\\d+)");
  private static final Pattern MANAGEMENT =
      Pattern.compile("management on http://127\\.0\\.0\\.1:(\\d+)");

  /** The last that a node says when it answers. */
  private static final String READY = "/counter/123\n";

  private static final Duration LONGEST_START = Duration.ofSeconds(50);
  private static final Duration LONGEST_ANSWER = Duration.ofSeconds(40);
  private static final Duration LONGEST_END = Duration.ofSeconds(70);

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Process process;
  private final Path output;

  private NodeProcess(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  /**
   * A JVM with the flags that run.sh sets.
   *
   * @param more flags after those, as in JAVA_OPTS
   */
  public static Launch likeRunSh(String... more) throws IOException {
    Matcher flags = RUN_SH_FLAGS.matcher(Files.readString(Path.of("run.sh")));
    if (!flags.find()) {
      throw new IllegalStateException("run.sh sets no flags");
    }
    List<String> jvm = new ArrayList<>(List.of(flags.group(1).split(" ")));
    jvm.addAll(List.of(more));
    return new Launch(jvm);
  }

  /** A JVM with these flags alone. */
  public static Launch onJvm(String... flags) {
    return new Launch(List.of(flags));
  }

  /** How a node is to be started. */
  public static final class Launch {

    private final List<String> jvm;
    private final Map<String, String> environment = new HashMap<>();
    private List<String> program = List.of("-jar", JAR);
    private String around = "";

    private Launch(List<String> jvm) {
      this.jvm = jvm;
    }

    /**
     * By a shell that may stand anywhere.
     *
     * @param command with {@code NODE} where the node's is to be; what it starts with takes the
     *     place of the shell, so that signals reach the node
     */
    public Launch around(String command) {
      around = command;
      return this;
    }

    /** With more on its class path than the jar. */
    public Launch with(Path classes) {
      return main("dev.recall.Main", JAR + ":" + classes);
    }

    /** Another program than the jar, which takes the flags of a node. */
    public Launch main(String name, String classPath) {
      program = List.of("-cp", classPath, name);
      return this;
    }

    /** With this in its environment. */
    public Launch environment(String name, String value) {
      environment.put(name, value);
      return this;
    }

    /** A node that answers; on free ports, unless flags say otherwise. */
    public NodeProcess started(String... flags) throws IOException {
      return begun(flags).says(READY);
    }

    /** A node that may answer some day. */
    public NodeProcess begun(String... flags) throws IOException {
      Path output = Files.createTempFile("recall-node", ".out");
      ProcessBuilder builder =
          new ProcessBuilder(command(flags))
              .redirectErrorStream(true)
              .redirectOutput(output.toFile());
      builder.environment().putAll(environment);
      return new NodeProcess(builder.start(), output);
    }

    private List<String> command(String... flags) {
      List<String> node = new ArrayList<>();
      node.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      node.addAll(jvm);
      node.addAll(program);
      for (String port : List.of("--http.port=", "--management.port=")) {
        if (List.of(flags).stream().noneMatch(flag -> flag.startsWith(port))) {
          node.add(port + "0");
        }
      }
      node.addAll(List.of(flags));
      return around.isEmpty()
          ? node
          : List.of("sh", "-c", "exec " + around.replace("NODE", String.join(" ", node)));
    }
  }

  /** Waits until it has said this; one that ends without it, or is late, is closed. */
  public NodeProcess says(String text) {
    try {
      await()
          .atMost(LONGEST_START)
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(2))
          .until(() -> !isAlive() || output().contains(text));
      if (!output().contains(text)) {
        throw new IllegalStateException("it has ended");
      }
      return this;
    } catch (RuntimeException silent) {
      String said = output();
      close();
      throw new AssertionError("it does not say " + text.strip() + ": " + said, silent);
    }
  }

  /** What it has said so far. */
  public String output() {
    try {
      return Files.readString(output);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  public int httpPort() {
    return port(HTTP);
  }

  public int managementPort() {
    return port(MANAGEMENT);
  }

  private int port(Pattern said) {
    Matcher listens = said.matcher(output());
    if (!listens.find()) {
      throw new AssertionError("it listens nowhere: " + output());
    }
    return Integer.parseInt(listens.group(1));
  }

  /** An address of this node. */
  public URI at(String path) {
    return at(httpPort(), path);
  }

  private static URI at(int port, String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  public HttpResponse<String> get(String path) {
    return ask("GET", path, "").join();
  }

  /** Asks with a body of JSON, unless that is empty. */
  public CompletableFuture<HttpResponse<String>> ask(
      String method, String path, String json, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(at(path))
            .timeout(LONGEST_ANSWER)
            .method(method, BodyPublishers.ofString(json));
    if (!json.isEmpty()) {
      request.header("Content-Type", "application/json");
    }
    if (headers.length > 0) {
      request.headers(headers);
    }
    return http.sendAsync(request.build(), BodyHandlers.ofString());
  }

  /** What its management answers. */
  public String manage(String path) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(at(managementPort(), path)).timeout(Duration.ofSeconds(5)).build();
    return http.send(request, BodyHandlers.ofString()).body();
  }

  /** What all meters show whose lines begin like this. */
  public double meter(String name) throws IOException, InterruptedException {
    return manage("/metrics")
        .lines()
        .filter(line -> line.startsWith(name))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** Its exit code; waits for its end. */
  public int exitCode(Duration within) throws InterruptedException {
    if (!process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError("still running: " + output());
    }
    return process.exitValue();
  }

  /** As {@code kill -STOP}. */
  public void signal(String signal) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + signal, Long.toString(pid())).start().waitFor();
  }

  /** As {@code kill -9}; a bundled Redis stays behind. */
  public void kill() {
    process.destroyForcibly().onExit().join();
  }

  /** Ends it as {@code kill} does; with it ends its bundled Redis. */
  @Override
  public void close() {
    List<ProcessHandle> children = process.descendants().toList();
    process.destroy();
    try {
      process.onExit().orTimeout(LONGEST_END.toSeconds(), TimeUnit.SECONDS).join();
      Files.deleteIfExists(output);
    } catch (CompletionException stuck) {
      process.destroyForcibly();
      children.forEach(ProcessHandle::destroyForcibly);
      throw new AssertionError("it does not end: " + output(), stuck);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
