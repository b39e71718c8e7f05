package dev.recall.field;

import static java.lang.System.Logger.Level.INFO;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recall.field.HonestCaller.Fared;
import dev.recall.testing.NodeProcess;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Peers without a token that would take a node down, and what others notice: nearly nothing. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FloodIT {

  private static final Duration TIME = Duration.ofSeconds(6);

  /** One full collection of the heap that run.sh sets, on a machine that does other things, too. */
  private static final double COLLECTION_MILLIS = 10;

  private static final String HOST = " HTTP/1.1\r\nHost: localhost\r\n";
  private static final String JSON = "Content-Type: application/json\r\n";

  private NodeProcess node;
  private double unloaded;
  private double heap;

  @BeforeAll
  void start(@TempDir Path dir) throws Exception {
    node = NodeProcess.likeRunSh().started("--data.dir=" + dir.resolve("data"));
    HonestCaller.asks(node.httpPort(), Duration.ofSeconds(3));
    unloaded = HonestCaller.asks(node.httpPort(), Duration.ofSeconds(3)).p99Millis();
    heap = liveHeap();
  }

  @AfterAll
  void stop() throws Exception {
    node.close();
  }

  /** What is sent, by how many. */
  record Attack(String name, int connections, boolean reads, String text) {
    byte[] bytes() {
      return latin1(text);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Attack> attacks() {
    String get = "GET /" + HOST + "\r\n";
    return Stream.of(
        attack("35 pipelines that are read", 180, true, get.repeat(30_000)),
        attack("35 pipelines that are not", 300, false, get("/cache/calculate/3000", 20_000)),
        attack("50 half a header", 8_000, false, "GET /" + HOST + "X: " + "a".repeat(15_000)),
        attack(
            "own: many small header lines", 2_000, false, "GET /" + HOST + "a:b\r\n".repeat(3_000)),
        attack("51 bodies", 2_000, false, post("Content-Length: 65536") + " ".repeat(65_530)),
        attack(
            "own: chunks of one byte",
            500,
            false,
            post("Transfer-Encoding: chunked") + "1\r\n \r\n".repeat(60_000)),
        attack(
            "own: trailers without end",
            1_000,
            false,
            post("Transfer-Encoding: chunked") + "0\r\n" + "a:b\r\n".repeat(3_000)),
        attack("52 large answers in pipelines", 460, false, get("/cache/calculate/70000", 2_000)),
        attack("52 kept alive and idle", 8_000, false, get("/cache/calculate/10", 1)),
        attack("own: connections that say nothing", 8_000, false, ""),
        attack("52 unread 422", 100, false, faulty().repeat(20)),
        attack(
            "61 bodies without end",
            40,
            false,
            post("Content-Length: 99999999999") + " ".repeat(8 << 20)),
        attack("own: HTTP/2 pings", 20, false, http2(frames(6, 0, 0, new byte[8], 50_000))),
        attack("own: HTTP/2 settings", 20, false, http2(frames(4, 0, 0, new byte[0], 50_000))),
        attack("own: HTTP/2 continuations", 20, false, http2(continuations())),
        attack("own: HTTP/2 large answers, windows closed", 20, false, http2(manyAsked(32))));
  }

  @ParameterizedTest
  @MethodSource("attacks")
  void node_underAttack_answersOthersAndRecovers(Attack attack) throws Exception {
    Fared fared;
    try (Flood flood = flood(attack, node.httpPort())) {
      fared = HonestCaller.asks(node.httpPort(), TIME);
      assertThat(flood.opened()).isPositive();
      assertThat(node.manage("/health/ready")).contains("\"node\",\"status\":\"up\"");
    }

    assertThat(node.isAlive()).isTrue();
    assertThat(fared.answered()).isGreaterThanOrEqualTo(0.99);
    assertNotKeptWaiting(attack.name(), fared);
    recovers();
  }

  // Ten times what it is unloaded, or what it is while the heap is collected.
  private void assertNotKeptWaiting(String attack, Fared fared) {
    System.getLogger("flood")
        .log(INFO, "{0}: p99 {1} ms, unloaded {2} ms", attack, fared.p99Millis(), unloaded);
    assertThat(fared.p99Millis()).isLessThan(10 * Math.max(unloaded, COLLECTION_MILLIS));
  }

  @Test
  void node_withManyLargeAnswersAsked_answersEachWholeOrRefusesIt() throws Exception {
    String body = inputs();
    try (Flood flood = Flood.unread(node.httpPort(), 100, latin1(many(body).repeat(4)))) {
      Fared fared = HonestCaller.asks(node.httpPort(), TIME);

      assertThat(flood.opened()).isPositive();
      assertThat(fared.answered()).isGreaterThanOrEqualTo(0.99);
      assertNotKeptWaiting("many large answers", fared);
    }
    assertThat(node.isAlive()).isTrue();
    recovers();
  }

  @Test
  void management_underPipelines_writesNoLogAndAnswers() throws Exception {
    try (Flood flood =
        Flood.read(node.managementPort(), 42, latin1(("GET /" + HOST + "\r\n").repeat(30_000)))) {
      HonestCaller.asks(node.httpPort(), TIME);
      assertThat(flood.opened()).isPositive();
      assertThat(node.manage("/health/live")).contains("live");
    }
    assertThat(node.output()).hasSizeLessThan(50_000);
    recovers();
  }

  private void recovers() {
    await()
        .atMost(Duration.ofSeconds(12))
        .untilAsserted(
            () -> {
              assertThat(node.meter("recall_http_connections")).isLessThanOrEqualTo(4);
              assertThat(liveHeap()).isLessThan(heap + (16 << 20));
              assertThat(node.meter("jvm_buffer_memory_used_bytes{id=\"direct\""))
                  .isLessThan(32 << 20);
            });
  }

  /** What is live in the heap, in bytes. */
  private double liveHeap() throws IOException, InterruptedException {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    Shell.run(jcmd + " " + node.pid() + " GC.run");
    return node.meter("jvm_memory_used_bytes{area=\"heap\"");
  }

  private static Flood flood(Attack attack, int port) {
    return attack.reads()
        ? Flood.read(port, attack.connections(), attack.bytes())
        : Flood.unread(port, attack.connections(), attack.bytes());
  }

  private static Attack attack(String name, int connections, boolean reads, String text) {
    return new Attack(name, connections, reads, text);
  }

  private static Attack attack(String name, int connections, boolean reads, byte[] bytes) {
    return new Attack(name, connections, reads, new String(bytes, StandardCharsets.ISO_8859_1));
  }

  private static byte[] latin1(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String get(String path, int times) {
    return ("GET " + path + HOST + "\r\n").repeat(times);
  }

  private static String post(String header) {
    return "POST /v1/counters/x" + HOST + JSON + header + "\r\n\r\n";
  }

  private static String faulty() {
    String fields =
        IntStream.range(0, 5_000)
            .mapToObj(i -> "\"x" + i + "\":1")
            .collect(Collectors.joining(",", "{", "}"));
    return post("Content-Length: " + fields.length()) + fields;
  }

  private static String inputs() {
    return IntStream.range(99_900, 100_000)
        .mapToObj(n -> "\"" + n + "\"")
        .collect(Collectors.joining(",", "{\"inputs\":[", "]}"));
  }

  private static String many(String body) {
    return "POST /v1/cache/fib"
        + HOST
        + JSON
        + "Content-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }

  private static byte[] http2(byte[] frames) {
    return joined(
        latin1("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), frames(4, 0, 0, new byte[0], 1), frames);
  }

  private static byte[] continuations() {
    return joined(
        frames(1, 0, 1, new byte[] {(byte) 0x82}, 1), frames(9, 0, 1, new byte[0], 50_000));
  }

  // Literal fields, none of them indexed; the first frames of a stream, and its last.
  private static byte[] manyAsked(int streams) {
    byte[] header =
        joined(
            field(":method", "POST"),
            field(":scheme", "http"),
            field(":authority", "localhost"),
            field(":path", "/v1/cache/fib"),
            field("content-type", "application/json"));
    byte[] body = latin1(inputs());
    byte[][] all = new byte[2 * streams + 1][];
    all[0] = frames(4, 0, 0, new byte[] {0, 4, 0, 0, 0, 0}, 1); // SETTINGS_INITIAL_WINDOW_SIZE 0
    for (int i = 0; i < streams; i++) {
      all[2 * i + 1] = frames(1, 4, 2 * i + 1, header, 1);
      all[2 * i + 2] = frames(0, 1, 2 * i + 1, body, 1);
    }
    return joined(all);
  }

  private static byte[] field(String name, String value) {
    return joined(
        new byte[] {0, (byte) name.length()},
        latin1(name),
        new byte[] {(byte) value.length()},
        latin1(value));
  }

  private static byte[] frames(int type, int flags, int stream, byte[] payload, int times) {
    ByteBuffer frame = ByteBuffer.allocate((9 + payload.length) * times);
    for (int i = 0; i < times; i++) {
      frame.put((byte) 0).putShort((short) payload.length).put((byte) type).put((byte) flags);
      frame.putInt(stream).put(payload);
    }
    return frame.array();
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try {
      for (byte[] part : parts) {
        all.write(part);
      }
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return all.toByteArray();
  }
}
