package dev.recall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recall.redis.bundled.SharedRedis;
import dev.recall.testing.NodeProcess;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged jar as its users start it: a process, its words, its signals and its exit code. */
class ProcessIT {

  private static final String HEAP = "-Xmx512m";

  private final List<NodeProcess> nodes = new ArrayList<>();

  @TempDir private Path dir;

  @AfterEach
  void stop() {
    nodes.forEach(NodeProcess::close);
  }

  @Test
  void start_withTheBundledRedis_saysWhereItListensAndAnswers() throws Exception {
    NodeProcess node = started(dataDir());

    assertThat(node.output())
        .contains("Redis: redis://127.0.0.1:")
        .contains("(bundled, data in ")
        .containsPattern("redis-server \\d+\\.\\d+\\.\\d+\\)")
        .contains("curl " + node.at("/cache/calculate/10"));
    assertThat(get(node, "/cache/calculate/10"))
        .isEqualTo("{\"n\":10,\"result\":55,\"source\":\"database\"}");
  }

  @Test
  void restart_withTheBundledRedis_keepsCounting() throws Exception {
    NodeProcess before = started(dataDir());
    get(before, "/counter/123");
    assertThat(terminated(before)).isZero();

    NodeProcess after = started(dataDir());

    assertThat(get(after, "/counter/123")).isEqualTo("{\"user_id\":\"123\",\"visits\":2}");
  }

  @Test
  void restart_afterAKill9_takesOverFromTheOrphan() throws Exception {
    NodeProcess before = started(dataDir());
    get(before, "/counter/123");
    long orphan = redisPid();
    before.kill();
    assertThat(ProcessHandle.of(orphan)).isPresent();

    NodeProcess after = started(dataDir());

    await().until(() -> ProcessHandle.of(orphan).isEmpty());
    assertThat(get(after, "/counter/123")).isEqualTo("{\"user_id\":\"123\",\"visits\":2}");
    long own = redisPid();
    assertThat(terminated(after)).isZero();
    assertThat(ProcessHandle.of(own)).isEmpty();
  }

  @Test
  void secondNode_onTheSameDirectory_sharesTheCountersAndOutlivesTheFirst() throws Exception {
    NodeProcess first = started(dataDir());
    NodeProcess second = started(dataDir());

    get(first, "/counter/123");
    assertThat(get(second, "/counter/123")).contains("\"visits\":2");
    assertThat(terminated(first)).isZero();

    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> get(second, "/counter/123").contains("\"visits\":3"));
  }

  @Test
  void sigterm_withARequestInFlight_answersItAndExitsWith0() throws Exception {
    NodeProcess node =
        started("--redis.url=" + SharedRedis.url(), "--fib.max-n=30000000", "--fib.ttl=1s");
    CompletableFuture<HttpResponse<String>> inFlight =
        node.ask("GET", "/cache/calculate/20000000", "", "Accept", "text/plain");
    for (int i = 0; i < 5; i++) {
      get(node, "/example"); // by then the one before them is being computed
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
    NodeProcess node = begun(dataDir());
    Path pid = dir.resolve("data/redis.pid");
    await().pollInterval(Duration.ofMillis(5)).until(() -> Files.exists(pid));

    assertThat(terminated(node)).isZero();

    assertThat(node.output()).doesNotContain("listens on").doesNotContain("Exception");
    await().until(() -> !Files.exists(pid));
  }

  @Test
  void start_whenThePortIsTaken_saysSoInOneLineAndExitsWith1() throws Exception {
    try (ServerSocket taken = new ServerSocket(0)) {
      NodeProcess node =
          begun("--redis.url=" + SharedRedis.url(), "--http.port=" + taken.getLocalPort());

      assertThat(exited(node)).isEqualTo(1);
      assertThat(node.output().lines())
          .singleElement()
          .asString()
          .startsWith("recall: http.port: cannot listen on 127.0.0.1:" + taken.getLocalPort());
    }
  }

  @Test
  void start_withBadSettings_listsThemAllAndExitsWith1() throws Exception {
    NodeProcess node =
        kept(
            NodeProcess.onJvm(HEAP)
                .environment("RECALL_COUNTER_TTL", "forever")
                .environment("RECALL_NONE", "1")
                .begun("--http.prot=1", "--fib.max-n=x", "--redis.url=http://u:pw@h"));

    assertThat(exited(node)).isEqualTo(1);
    assertThat(node.output().lines())
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
    NodeProcess node = begun("--redis.ulr=redis://u:hunter2@h");

    assertThat(exited(node)).isEqualTo(1);
    assertThat(node.output()).contains("redis.ulr").doesNotContain("hunter2");
  }

  @Test
  void start_withAConfDirectoryNamed_readsIt() throws Exception {
    Files.writeString(dir.resolve("recall.yaml"), "foo: 1\n");

    NodeProcess byVariable =
        kept(NodeProcess.onJvm(HEAP).environment("RECALL_CONF", dir.toString()).begun());
    NodeProcess byFlag = begun("--conf=" + dir);

    assertThat(exited(byVariable)).isEqualTo(1);
    assertThat(byVariable.output()).contains("foo (from recall.yaml): no such setting");
    assertThat(exited(byFlag)).isEqualTo(1);
    assertThat(byFlag.output()).contains("foo (from recall.yaml): no such setting");
  }

  @Test
  void start_withAConfDirectoryThatIsNone_saysSo() throws Exception {
    NodeProcess node = begun("--conf=" + dir.resolve("none"));

    assertThat(exited(node)).isEqualTo(1);
    assertThat(node.output()).contains("is no directory");
  }

  @Test
  void start_whenTheDataDirectoryCannotBe_saysSoInOneLine() throws Exception {
    NodeProcess node = begun("--data.dir=" + Files.createFile(dir.resolve("file")));

    assertThat(exited(node)).isEqualTo(1);
    assertThat(node.output().lines()).singleElement().asString().startsWith("recall: data.dir: ");
  }

  @Test
  void start_withCredentials_neverPrintsThem() throws Exception {
    NodeProcess node =
        started("--redis.url=" + SharedRedis.url().replace("//", "//default:s3cr3t@"));

    assertThat(node.output()).contains("Redis: redis://***@").doesNotContain("s3cr3t");
  }

  @Test
  void help_always_listsEverySettingAndExitsWith0() throws Exception {
    NodeProcess node = begun("--help");

    assertThat(exited(node)).isZero();
    assertThat(node.output()).contains("Usage:").contains("max-n: 100000").contains("--conf=DIR");
  }

  private NodeProcess started(String... flags) throws IOException {
    return kept(NodeProcess.onJvm(HEAP).started(flags));
  }

  private NodeProcess begun(String... flags) throws IOException {
    return kept(NodeProcess.onJvm(HEAP).begun(flags));
  }

  private NodeProcess kept(NodeProcess node) {
    nodes.add(node);
    return node;
  }

  private String dataDir() {
    return "--data.dir=" + dir.resolve("data");
  }

  private static String get(NodeProcess node, String path) {
    return node.get(path).body();
  }

  private long redisPid() throws IOException {
    return Long.parseLong(Files.readString(dir.resolve("data/redis.pid")).trim());
  }

  private static int terminated(NodeProcess node) throws IOException, InterruptedException {
    node.signal("TERM");
    return exited(node);
  }

  private static int exited(NodeProcess node) throws InterruptedException {
    return node.exitCode(Duration.ofSeconds(25));
  }
}
