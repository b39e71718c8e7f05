package dev.recall.testing;

import dev.recall.Application;
import dev.recall.VertxFactory;
import dev.recall.config.ConfDirectory;
import dev.recall.config.Settings;
import dev.recall.config.read.SettingsLoader;
import dev.recall.redis.RedisCli;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** One node in this JVM, on free ports, and a caller of its HTTP. */
public final class Node implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Vertx vertx;
  private final Application application;

  private Node(Vertx vertx, Application application) {
    this.vertx = vertx;
    this.application = application;
  }

  /**
   * A node that answers.
   *
   * @param flags like {@code "redis.url=redis://…"}
   */
  public static Node started(String... flags) {
    return started(Path.of("conf"), flags);
  }

  public static Node started(Path directory, String... flags) {
    Node node = prepared(directory, flags);
    await(node.application.start());
    return node;
  }

  /** A node that is not started. */
  public static Node prepared(String... flags) {
    return prepared(Path.of("conf"), flags);
  }

  /** A node that is not started, with the files of another directory. */
  public static Node prepared(Path directory, String... flags) {
    Map<String, String> byPath = new HashMap<>(Map.of("http.port", "0", "management.port", "0"));
    for (String flag : flags) {
      byPath.put(flag.substring(0, flag.indexOf('=')), flag.substring(flag.indexOf('=') + 1));
    }
    ConfDirectory conf = new ConfDirectory(directory);
    Settings settings = new SettingsLoader().load(conf, Map.of(), byPath);
    Vertx vertx = await(VertxFactory.create(settings.cluster(), conf));
    return new Node(
        vertx,
        new Application(
            vertx,
            settings,
            conf,
            why -> {
              throw new AssertionError(why);
            }));
  }

  public static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
  }

  public HttpResponse<String> get(String path, String... headers) {
    return get(path, headers, application.httpPort()).join();
  }

  public CompletableFuture<HttpResponse<String>> getAsync(String path) {
    return get(path, new String[0], application.httpPort());
  }

  public HttpResponse<String> manage(String path) {
    return manageAsync(path).join();
  }

  public CompletableFuture<HttpResponse<String>> manageAsync(String path) {
    return get(path, new String[0], application.managementPort());
  }

  /** What a meter shows, all its labels together; the name as Prometheus writes it. */
  public double meter(String name) {
    return manage("/metrics")
        .body()
        .lines()
        .filter(line -> line.matches("\\Q" + name + "\\E[{ ].*"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  /** Empties Redis, and waits until the nodes have heard of it. */
  public static void flush(RedisCli redis, Node... nodes) {
    double[] before = Stream.of(nodes).mapToDouble(Node::flushes).toArray();
    redis.run("FLUSHALL");
    for (int i = 0; i < nodes.length; i++) {
      Node node = nodes[i];
      double flushed = before[i];
      Awaitility.await().pollInterval(Duration.ofMillis(2)).until(() -> node.flushes() > flushed);
    }
  }

  /** What the caches did for an answer. */
  public static String cacheStatus(HttpResponse<String> answer) {
    return answer.headers().firstValue("cache-status").orElse("");
  }

  /** Asks until the answer is a near copy, and answers it. */
  public HttpResponse<String> near(String path) {
    return Awaitility.await()
        .pollInterval(Duration.ofMillis(2))
        .until(() -> get(path), answer -> cacheStatus(answer).startsWith("recall-near; hit"));
  }

  private double flushes() {
    return meter("recall_cache_evictions_total{cause=\"flushed\"}");
  }

  /** The status alone, and how long it took, in milliseconds. */
  public Timed timed(String path) {
    long begun = System.nanoTime();
    int status = get(path).statusCode();
    return new Timed(status, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun));
  }

  public HttpResponse<String> send(String method, String path, String body, String... headers) {
    return send(method, path, body.getBytes(StandardCharsets.UTF_8), headers);
  }

  /** Sends a body that is said to be JSON. */
  public HttpResponse<String> sendJson(String method, String path, String json, String... headers) {
    return sendJson(method, path, json.getBytes(StandardCharsets.UTF_8), headers);
  }

  /** The same, of any bytes. */
  public HttpResponse<String> sendJson(String method, String path, byte[] json, String... headers) {
    Stream<String> type = Stream.of("Content-Type", "application/json");
    return send(method, path, json, Stream.concat(type, Stream.of(headers)).toArray(String[]::new));
  }

  private HttpResponse<String> send(String method, String path, byte[] body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri(path, application.httpPort()))
            .timeout(PATIENCE)
            .method(method, HttpRequest.BodyPublishers.ofByteArray(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } catch (InterruptedException stopped) {
      throw new AssertionError(stopped);
    }
  }

  /** Sends bytes and reads until the server has answered. */
  public String exchange(String bytes) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), httpPort())) {
      socket.setSoTimeout(5_000);
      socket.getOutputStream().write(bytes.getBytes(StandardCharsets.UTF_8));
      StringBuilder answer = new StringBuilder();
      byte[] buffer = new byte[8192];
      while (!answer.toString().contains("}")) {
        int read = socket.getInputStream().read(buffer);
        if (read < 0) {
          break;
        }
        answer.append(new String(buffer, 0, read, StandardCharsets.UTF_8));
      }
      return answer.toString();
    }
  }

  public Vertx vertx() {
    return vertx;
  }

  public int httpPort() {
    return application.httpPort();
  }

  public Application application() {
    return application;
  }

  @Override
  public void close() {
    await(application.stop());
  }

  private CompletableFuture<HttpResponse<String>> get(String path, String[] headers, int port) {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri(path, port)).timeout(PATIENCE);
    if (headers.length > 0) {
      request.headers(headers);
    }
    return http.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static URI uri(String path, int port) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  /** An answer and its time. */
  public record Timed(int status, long millis) {}
}
