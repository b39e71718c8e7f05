package dev.recall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recall.redis.bundled.SharedRedis;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged jar as its users start it: a process, its words, its signals and its exit code. */
class ProcessIT {

  private static final Pattern LISTENS =
      Pattern.compile("listens on (http://\\S+), management on (http://[0-9.:]+)");

  private final List<Process> started = new ArrayList<>();
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @TempDir private Path dir;

  @AfterEach
  void stop() {
    started.forEach(Process::destroy); // a kill -9 would leave the bundled Redis behind
    started.forEach(process -> process.onExit().orTimeout(30, TimeUnit.SECONDS).join());
  }

  @Test
  void start_withTheBundledRedis_saysWhereItListensAndAnswers() throws Exception {
    run("a", "--data.dir=" + dir.resolve("data"));

    String output = awaitBanner("a");

    assertThat(output)
        .contains("Redis: redis://127.0.0.1:")
        .contains("(bundled, data in ")
        .containsPattern("redis-server \\d+\\.\\d+\\.\\d+\\)")
        .contains("curl " + listening("a") + "/cache/calculate/10");
    assertThat(get(listening("a") + "/cache/calculate/10"))
        .isEqualTo("{\"n\":10,\"result\":55,\"source\":\"database\"}");
  }

  @Test
  void restart_withTheBundledRedis_keepsCounting() throws Exception {
    String data = "--data.dir=" + dir.resolve("data");
    Process before = run("a", data);
    awaitBanner("a");
    get(listening("a") + "/counter/123");
    assertThat(terminated(before)).isZero();

    run("b", data);
    awaitBanner("b");

    assertThat(get(listening("b") + "/counter/123"))
        .isEqualTo("{\"user_id\":\"123\",\"visits\":2}");
  }

  @Test
  void restart_afterAKill9_takesOverFromTheOrphan() throws Exception {
    String data = "--data.dir=" + dir.resolve("data");
    Process before = run("a", data);
    awaitBanner("a");
    get(listening("a") + "/counter/123");
    long orphan = redisPid();
    before.destroyForcibly().onExit().join();
    assertThat(ProcessHandle.of(orphan)).isPresent();

    Process after = run("b", data);
    awaitBanner("b");

    await().until(() -> ProcessHandle.of(orphan).isEmpty());
    assertThat(get(listening("b") + "/counter/123"))
        .isEqualTo("{\"user_id\":\"123\",\"visits\":2}");
    long own = redisPid();
    assertThat(terminated(after)).isZero();
    assertThat(ProcessHandle.of(own)).isEmpty();
  }

  @Test
  void secondNode_onTheSameDirectory_sharesTheCountersAndOutlivesTheFirst() throws Exception {
    String data = "--data.dir=" + dir.resolve("data");
    Process first = run("a", data);
    awaitBanner("a");
    run("b", data);
    awaitBanner("b");

    get(listening("a") + "/counter/123");
    assertThat(get(listening("b") + "/counter/123")).contains("\"visits\":2");
    assertThat(terminated(first)).isZero();

    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> get(listening("b") + "/counter/123").contains("\"visits\":3"));
  }

  @Test
  void sigterm_withARequestInFlight_answersItAndExitsWith0() throws Exception {
    Process node =
        run("a", "--redis.url=" + SharedRedis.url(), "--fib.max-n=30000000", "--fib.ttl=1s");
    awaitBanner("a");
    String path = listening("a") + "/cache/calculate/20000000";
    CompletableFuture<HttpResponse<String>> inFlight =
        http.sendAsync(
            HttpRequest.newBuilder(URI.create(path)).header("Accept", "text/plain").build(),
            HttpResponse.BodyHandlers.ofString());
    for (int i = 0; i < 5; i++) {
      get(listening("a") + "/example"); // by then the one before them is being computed
    }
    assertThat(inFlight).isNotDone();

    int exitCode = terminated(node);

    HttpResponse<String> answer = inFlight.get(1, TimeUnit.SECONDS);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).hasSize(4_179_753); // the digits of F(20,000,000)
    assertThat(exitCode).isZero();
  }

  @Test
  void sigterm_whileStarting_leavesNothingBehindAndExitsWith0() throws Exception {
    Process node = run("a", "--data.dir=" + dir.resolve("data"));
    Path pid = dir.resolve("data/redis.pid");
    await().pollInterval(Duration.ofMillis(5)).until(() -> Files.exists(pid));

    assertThat(terminated(node)).isZero();

    assertThat(output("a")).doesNotContain("listens on").doesNotContain("Exception");
    await().until(() -> !Files.exists(pid));
  }

  @Test
  void start_whenThePortIsTaken_saysSoInOneLineAndExitsWith1() throws Exception {
    try (ServerSocket taken = new ServerSocket(0)) {
      Process node =
          run("a", "--redis.url=" + SharedRedis.url(), "--http.port=" + taken.getLocalPort());

      assertThat(exited(node)).isEqualTo(1);
      assertThat(output("a").lines())
          .singleElement()
          .asString()
          .startsWith("recall: http.port: cannot listen on 127.0.0.1:" + taken.getLocalPort());
    }
  }

  @Test
  void start_withBadSettings_listsThemAllAndExitsWith1() throws Exception {
    ProcessBuilder node =
        command("a", "--http.prot=1", "--fib.max-n=x", "--redis.url=http://u:pw@h");
    node.environment().put("RECALL_COUNTER_TTL", "forever");
    node.environment().put("RECALL_NONE", "1");

    assertThat(exited(start(node))).isEqualTo(1);
    assertThat(output("a").lines())
        .hasSize(5)
        .allMatch(line -> line.startsWith("recall: "))
        .anyMatch(line -> line.contains("http.prot"))
        .anyMatch(line -> line.contains("fib.max-n (from --fib.max-n): must be"))
        .anyMatch(line -> line.contains("RECALL_COUNTER_TTL"))
        .anyMatch(line -> line.contains("RECALL_NONE"))
        .noneMatch(line -> line.contains("pw"));
  }

  @Test
  void start_withAMistypedFlag_doesNotRepeatItsValue() throws Exception {
    Process node = run("a", "--redis.ulr=redis://u:hunter2@h");

    assertThat(exited(node)).isEqualTo(1);
    assertThat(output("a")).contains("redis.ulr").doesNotContain("hunter2");
  }

  @Test
  void start_withAConfDirectoryNamed_readsIt() throws Exception {
    Files.writeString(dir.resolve("recall.yaml"), "foo: 1\n");
    ProcessBuilder byVariable = command("a");
    byVariable.environment().put("RECALL_CONF", dir.toString());

    assertThat(exited(start(byVariable))).isEqualTo(1);
    assertThat(output("a")).contains("foo (from recall.yaml): no such setting");
    assertThat(exited(run("b", "--conf=" + dir))).isEqualTo(1);
    assertThat(output("b")).contains("foo (from recall.yaml): no such setting");
  }

  @Test
  void start_withAConfDirectoryThatIsNone_saysSo() throws Exception {
    assertThat(exited(run("a", "--conf=" + dir.resolve("none")))).isEqualTo(1);
    assertThat(output("a")).contains("is no directory");
  }

  @Test
  void start_whenTheDataDirectoryCannotBe_saysSoInOneLine() throws Exception {
    ProcessBuilder node = command("a", "--data.dir=" + Files.createFile(dir.resolve("file")));

    assertThat(exited(start(node))).isEqualTo(1);
    assertThat(output("a").lines()).singleElement().asString().startsWith("recall: data.dir: ");
  }

  @Test
  void start_withCredentials_neverPrintsThem() throws Exception {
    String url = SharedRedis.url().replace("//", "//default:s3cr3t@");
    run("a", "--redis.url=" + url);

    assertThat(awaitBanner("a")).contains("Redis: redis://***@").doesNotContain("s3cr3t");
  }

  @Test
  void help_always_listsEverySettingAndExitsWith0() throws Exception {
    Process node = run("a", "--help");

    assertThat(exited(node)).isZero();
    assertThat(output("a")).contains("Usage:").contains("max-n: 100000").contains("--conf=DIR");
  }

  private Process run(String name, String... arguments) throws IOException {
    return start(command(name, arguments));
  }

  private Process start(ProcessBuilder command) throws IOException {
    Process process = command.start();
    started.add(process);
    return process;
  }

  private ProcessBuilder command(String name, String... arguments) {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    List<String> command = new ArrayList<>(List.of(java, "-Xmx512m", "-jar"));
    command.add(System.getProperty("recall.jar"));
    // The last of two equal flags wins: a test may choose its own port.
    Map<String, String> ports = Map.of("--http.port", "0", "--management.port", "0");
    ports.forEach(
        (flag, port) -> {
          if (!String.join(" ", arguments).contains(flag)) {
            command.add(flag + "=" + port);
          }
        });
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(dir.resolve(name + ".out").toFile());
  }

  private String output(String name) throws IOException {
    return Files.readString(dir.resolve(name + ".out"));
  }

  private String awaitBanner(String name) throws IOException {
    await().atMost(Duration.ofSeconds(20)).until(() -> output(name).contains("/counter/123"));
    return output(name);
  }

  private String listening(String name) throws IOException {
    Matcher matcher = LISTENS.matcher(output(name));
    assertThat(matcher.find()).isTrue();
    return matcher.group(1).replaceFirst(",$", "");
  }

  private String get(String url) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(URI.create(url)).build();
    return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
  }

  private long redisPid() throws IOException {
    return Long.parseLong(Files.readString(dir.resolve("data/redis.pid")).trim());
  }

  private static int terminated(Process process) throws InterruptedException {
    process.destroy();
    return exited(process);
  }

  private static int exited(Process process) throws InterruptedException {
    assertThat(process.waitFor(25, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }
}
