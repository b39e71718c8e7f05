package dev.recall.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recall.redis.bundled.RedisProcess;
import dev.recall.redis.bundled.SharedRedis;
import dev.recall.testing.Node;
import dev.recall.testing.NodeProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A program that tries a client library, as a node serves it, and the nodes that it is tried on:
 * one that lives, one whose Redis the program kills, and one that it kills itself.
 */
final class ClientTrial implements AutoCloseable {

  /** Longest run of a program, past which it is ended, and what it has printed is told. */
  static final long LONGEST_SECONDS = 240;

  private static final String TOKEN = "trial-0123456789abcdef";

  private final Path dir;
  private final Node node;
  private final RedisProcess redis;
  private final Node guarded;
  private final NodeProcess mortal;

  /**
   * A trial whose nodes answer.
   *
   * @param dir takes files
   */
  ClientTrial(Path dir) throws IOException {
    this.dir = dir;
    node =
        Node.started(
            "redis.url=" + SharedRedis.url(),
            "computations.product.by=callers",
            "computations.product.ttl=60s",
            "rate-limits.api.limit=2/hour burst 3",
            "rate-limits.api.groups=");
    redis = new RedisProcess();
    guarded =
        Node.started(
            "redis.url=" + redis.url(),
            "http.tokens.trial.secret=" + TOKEN,
            "http.tokens.trial.scopes=admin");
    mortal =
        NodeProcess.onJvm("-Xmx160m")
            .started(
                "--redis.url=" + SharedRedis.url(),
                "--computations.product.by=callers",
                "--computations.product.ttl=60s");
  }

  /** Gets a library, as the node serves it. */
  void fetch(String name) throws IOException {
    Files.writeString(dir.resolve(name), node.get("/clients/" + name).body());
  }

  /**
   * Runs the program to its end.
   *
   * @param environment beside what tells of the nodes
   * @throws AssertionError with all that it has printed, where it fails or is late
   */
  void passes(Map<String, String> environment, String... command)
      throws IOException, InterruptedException {
    Path output = dir.resolve("output");
    ProcessBuilder program =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    program.environment().putAll(nodes());
    program.environment().putAll(environment);
    Process process = program.start();
    boolean ended = process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS);
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    int exitCode = process.destroyForcibly().waitFor();
    String printed = Files.readString(output);
    assertThat(ended).as("it ends in time, and printed:%n%s", printed).isTrue();
    assertThat(exitCode).as("its exit code, and it printed:%n%s", printed).isZero();
  }

  private Map<String, String> nodes() {
    return Map.of(
        "RECALL_URL",
        "http://127.0.0.1:" + node.httpPort(),
        "RECALL_GUARDED_URL",
        "http://127.0.0.1:" + guarded.httpPort(),
        "RECALL_TOKEN",
        TOKEN,
        "RECALL_REDIS_PID",
        Long.toString(redis.pid()),
        "RECALL_MORTAL_URL",
        "http://127.0.0.1:" + mortal.httpPort(),
        "RECALL_MORTAL_PID",
        Long.toString(mortal.pid()));
  }

  @Override
  public void close() {
    node.close();
    guarded.close();
    redis.close();
    mortal.close();
  }
}
