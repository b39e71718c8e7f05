package dev.recall.field;

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
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** The packaged jar with its bundled Redis, started by a shell that may stand anywhere. */
final class BundledNode implements AutoCloseable {

  private static final Pattern LISTENS = Pattern.compile("listens on (http://[^,\\s]+)");
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Process process;
  private final Path output;

  private BundledNode(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  /**
   * A node, or what its shell makes of it.
   *
   * @param around a shell command with {@code NODE} where the node's is to be; what it starts with
   *     takes the place of the shell, so that signals reach the node
   */
  static BundledNode begun(Path data, String around) throws IOException {
    String node =
        "%s -Xmx160m -jar %s --http.port=0 --management.port=0 --data.dir=%s"
            .formatted(
                Path.of(System.getProperty("java.home"), "bin", "java"),
                System.getProperty("recall.jar"),
                data);
    Path output = Files.createTempFile("recall-node", ".out");
    List<String> command =
        new ArrayList<>(List.of("sh", "-c", "exec " + around.replace("NODE", node)));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    return new BundledNode(process, output);
  }

  /** A node that answers. */
  static BundledNode started(Path data) throws IOException {
    BundledNode node = begun(data, "NODE");
    Awaitility.await().atMost(PATIENCE).until(() -> node.output().contains("/counter/123"));
    return node;
  }

  String output() throws IOException {
    return Files.readString(output);
  }

  /** Waits for its end, and answers what it said. */
  String ended() throws IOException, InterruptedException {
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("still running: " + output());
    }
    return output();
  }

  int exitCode() {
    return process.exitValue();
  }

  /** Counts a visit, when Redis is there. */
  String visits() throws IOException {
    Matcher listens = LISTENS.matcher(output());
    if (!listens.find()) {
      throw new AssertionError(output());
    }
    URI counter = URI.create(listens.group(1) + "/counter/123");
    HttpRequest request = HttpRequest.newBuilder(counter).timeout(PATIENCE).build();
    return Awaitility.await()
        .atMost(PATIENCE)
        .until(
            () -> http.send(request, HttpResponse.BodyHandlers.ofString()),
            answer -> answer.statusCode() == 200)
        .body()
        .replaceAll("\\D*123\\D*|\\D", "");
  }

  void kill() {
    process.destroyForcibly().onExit().join();
  }

  /** As {@code kill -STOP}. */
  void signal(String signal) throws IOException, InterruptedException {
    Shell.run("kill -" + signal + " " + process.pid());
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
  }
}
