package dev.recall.field;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.hazelcast.internal.nio.Packet;
import com.hazelcast.internal.nio.PacketIOHelper;
import dev.recall.redis.bundled.SharedRedis;
import dev.recall.testing.LoopbackPort;
import dev.recall.testing.NodeProcess;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What callers make the packaged node compute, hold and wait for, with the memory of run.sh. */
class WorkIT {

  private static final String PLUG_IN =
      """
      public class Sevens implements dev.recall.spi.Computation {
        public String name() { return "sevens"; }
        public java.time.Duration ttl() { return java.time.Duration.ofMinutes(1); }
        public String canonical(String input) {
          if (input.equals("loop-ending")) {
            io.vertx.core.internal.ContextInternal.current().nettyEventLoop()
                .shutdownGracefully(0, 0, java.util.concurrent.TimeUnit.SECONDS);
          }
          return input;
        }
        public String compute(String input) {
          if (input.startsWith("failing")) { throw new IllegalStateException(input); }
          return "7".repeat(Integer.parseInt(input.replaceFirst("-.*", "")));
        }
      }
      """;

  @TempDir private Path dir;

  @SuppressWarnings("NullAway.Init") // each test starts it, with flags of its own
  private NodeProcess node;

  @AfterEach
  void stop() {
    node.close();
  }

  @Test
  void get_whenTenResultsOfThirtyMegabytesAreMadeAtOnce_refusesThemAndGoesOn() throws Exception {
    start();

    List<HttpResponse<String>> refused = atOnce(10, i -> get("/v1/cache/sevens/30000000-" + i));

    assertThat(refused).extracting(HttpResponse::statusCode).containsOnly(502);
    assertThat(refused.get(0).body()).contains("urn:recall:result-too-large");
    assertThat(get("/v1/cache/sevens/3").join().body()).contains("\"result\":\"777\"");
  }

  @Test
  void get_whenTwoMillionDigitsAreAskedForTwiceAtOnce_answersBoth() throws Exception {
    start("--fib.max-n=10000000");

    List<HttpResponse<String>> answers = atOnce(2, i -> get("/cache/calculate/" + (9_999_999 + i)));

    assertThat(answers).allMatch(answer -> answer.body().length() > 2_000_000);
    assertThat(get("/cache/calculate/10").join().statusCode()).isEqualTo(200);
  }

  @Test
  void start_whenTheLongestResultDoesNotFit_saysWhichSettingAndExits() throws Exception {
    begin("--fib.max-n=100000000");

    assertThat(node.exitCode(Duration.ofSeconds(30))).isOne();
    assertThat(node.output()).contains("recall: fib.max-n: results of 20898765 bytes do not fit");
  }

  @Test
  void get_whenEveryRequestMeetsABugOfAPlugIn_tellsTheLogWithOneStackTrace() throws Exception {
    start();

    for (int i = 0; i < 200; i++) {
      assertThat(get("/v1/cache/sevens/failing-" + i).join().statusCode()).isEqualTo(500);
    }

    assertThat(node.output().split("IllegalStateException: failing", -1)).hasSize(2);
    assertThat(node.output()).hasSizeLessThan(10_000);
  }

  @Test
  void process_whenAPlugInEndsTheEventLoopItIsCalledOn_endsAndSaysWhy() throws Exception {
    start();

    CompletableFuture<?> asked = get("/v1/cache/sevens/loop-ending");

    assertThat(node.exitCode(Duration.ofSeconds(10))).isOne();
    assertThat(node.output()).contains("recall: an event loop has ended; the process ends");
    await().until(asked::isDone); // with whatever: nobody is left waiting
  }

  @Test
  void acquire_afterManyWhoWaitedHaveLeft_waitsForNoneOfThemAndHasTheNextFence() throws Exception {
    start();
    JsonObject holder = new JsonObject(acquire(0).join().body());
    List<Socket> gone = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      gone.add(waiting("k"));
    }
    await().atMost(Duration.ofSeconds(30)).until(() -> waiters() == 300);
    CompletableFuture<HttpResponse<String>> live = acquire(30_000);
    await().until(() -> waiters() == 301);

    closeAll(gone);
    await().atMost(Duration.ofSeconds(10)).until(() -> waiters() == 1);
    release(holder.getString("token"));

    assertThat(new JsonObject(live.join().body()).getLong("fence"))
        .isEqualTo(holder.getLong("fence") + 1);
  }

  @Test
  void acquire_whenTenTimesAsManyWaitAsThereIsRoomFor_refusesThemAndAnswersOthers()
      throws Exception {
    start();
    List<Socket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < 8_000; i++) {
        sockets.add(waiting("k" + i % 7));
        if (i % 200 == 0) {
          assertThat(get("/cache/calculate/10").join().statusCode()).isEqualTo(200);
        }
      }
      assertThat(waiters()).isBetween(500.0, 1_000.0);
    } finally {
      closeAll(sockets);
    }
    await().atMost(Duration.ofSeconds(10)).until(() -> waiters() <= 7);
  }

  @Test
  void memberPort_whenAForeignObjectComes_doesNotReadItAndTurnsClientsAway() throws Exception {
    int port = clusterOnFreePort();
    start("--conf=" + dir, "--cluster=true");

    try (Socket attack = new Socket(InetAddress.getLoopbackAddress(), port)) {
      attack.getOutputStream().write("HZC".getBytes(StandardCharsets.US_ASCII));
      attack.getOutputStream().write(packet(Packet.Type.EVENT));
      await().atMost(Duration.ofSeconds(10)).until(() -> node.output().contains("is not allowed"));
    }
    try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
      client.getOutputStream().write("CP2".getBytes(StandardCharsets.US_ASCII));
      assertThat(client.getInputStream().readNBytes(3)).asString().isEqualTo("HZX");
    }
    assertThat(get("/cache/calculate/10").join().statusCode()).isEqualTo(200);
  }

  /** Sets within sets, whose hash takes for ever: "SerialDOS", of classes that every JDK has. */
  private static byte[] packet(Packet.Type type) throws IOException {
    Set<Object> root = new HashSet<>();
    Set<Object> first = root;
    Set<Object> second = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      Set<Object> one = new HashSet<>();
      Set<Object> other = new HashSet<>();
      one.add("foo");
      for (Set<Object> outer : List.of(first, second)) {
        outer.add(one);
        outer.add(other);
      }
      first = one;
      second = other;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(ByteBuffer.allocate(8).putInt(0).putInt(-100).array()); // Java's serialization
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(new Object[] {root});
    }
    ByteBuffer wire = ByteBuffer.allocate(bytes.size() + 64);
    new PacketIOHelper().writeTo(new Packet(bytes.toByteArray()).setPacketType(type), wire);
    return Arrays.copyOf(wire.array(), wire.position());
  }

  private int clusterOnFreePort() throws IOException {
    int port = LoopbackPort.free();
    String shipped = Files.readString(Path.of("conf/cluster.xml"));
    Files.writeString(
        dir.resolve("cluster.xml"),
        shipped
            .replace(">recall<", ">recall-" + port + "<")
            .replace(">5701<", ">" + port + "<")
            .replaceAll("127.0.0.1:570[1-6]", "127.0.0.1:" + port));
    return port;
  }

  private void start(String... flags) throws IOException {
    begin(flags);
    node.says("/counter/123");
  }

  private void begin(String... flags) throws IOException {
    Stream<String> redis = Stream.of("--redis.url=" + SharedRedis.url());
    node =
        NodeProcess.likeRunSh()
            .with(plugIn())
            .begun(Stream.concat(redis, Stream.of(flags)).toArray(String[]::new));
  }

  private Path plugIn() throws IOException {
    Path classes = Files.createDirectories(dir.resolve("plug-in"));
    Path source = Files.writeString(classes.resolve("Sevens.java"), PLUG_IN);
    Path services = Files.createDirectories(classes.resolve("META-INF/services"));
    Files.writeString(services.resolve("dev.recall.spi.Computation"), "Sevens");
    int failed =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "-cp", System.getProperty("recall.jar"), source.toString());
    assertThat(failed).isZero();
    return classes;
  }

  private double waiters() throws IOException, InterruptedException {
    return node.meter("recall_lock_waiting ");
  }

  private Socket waiting(String lock) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), node.httpPort());
    String body = "{\"ttl_ms\":60000,\"wait_ms\":30000}";
    String head =
        "POST /v1/locks/" + lock + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json";
    String request = head + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private static void closeAll(List<Socket> sockets) throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  private CompletableFuture<HttpResponse<String>> acquire(long waitMs) {
    String body = new JsonObject().put("ttl_ms", 60_000).put("wait_ms", waitMs).encode();
    return node.ask("POST", "/v1/locks/k", body);
  }

  private void release(String token) {
    node.ask("DELETE", "/v1/locks/k", "", "If-Match", "\"" + token + "\"").join();
  }

  private CompletableFuture<HttpResponse<String>> get(String path) {
    return node.ask("GET", path, "");
  }

  private static <T> List<T> atOnce(int times, IntFunction<CompletableFuture<T>> ask) {
    List<CompletableFuture<T>> all = IntStream.range(0, times).mapToObj(ask).toList();
    return all.stream().map(CompletableFuture::join).toList();
  }
}
