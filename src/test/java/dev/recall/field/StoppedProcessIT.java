package dev.recall.field;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recall.redis.RedisCli;
import dev.recall.redis.bundled.RedisProcess;
import dev.recall.testing.NodeProcess;
import dev.recall.testing.Silence;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A node that is stopped and goes on, as when a machine sleeps: no old copy is answered. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StoppedProcessIT {

  private static final int ROUNDS = 10;

  /** Longer than a copy may be behind, which is a second. */
  private static final Duration STOP = Duration.ofSeconds(2);

  private static final byte[] REQUEST =
      "GET /cache/calculate/10 HTTP/1.1\r\nHost: localhost\r\n\r\n"
          .getBytes(StandardCharsets.ISO_8859_1);

  private RedisProcess redis;
  private RedisCli cli;
  private NodeProcess node;
  private int value = 1_000;

  @BeforeAll
  void start() throws Exception {
    redis = new RedisProcess();
    cli = new RedisCli(redis.url());
    node = NodeProcess.likeRunSh().started("--redis.url=" + redis.url());
  }

  @AfterAll
  void stop() {
    node.close();
    cli.close();
    redis.close();
  }

  @Test
  void get_whenTheResultIsReplacedWhileTheNodeIsStopped_isTheNewOne() throws Exception {
    for (int i = 0; i < ROUNDS; i++) {
      replaceWhileStopped(() -> {});
    }
  }

  @Test
  void get_whenTheFeedIsCutWhileTheNodeIsStopped_isTheNewOne() throws Exception {
    for (int i = 0; i < ROUNDS; i++) {
      boolean all = i % 2 == 1;
      replaceWhileStopped(
          () -> {
            assertThat(cli.number("CLIENT", "KILL", "TYPE", "pubsub")).isPositive();
            if (all) {
              assertThat(cli.number("CLIENT", "KILL", "TYPE", "normal")).isPositive();
            }
          });
    }
  }

  private void replaceWhileStopped(Runnable meanwhile) throws Exception {
    try (Socket kept = connection()) {
      String old = store();
      await().until(() -> answered(kept, old));
      node.signal("STOP");
      String fresh;
      try (Socket queued = connection()) {
        try {
          fresh = store();
          meanwhile.run();
          kept.getOutputStream().write(REQUEST);
          queued.getOutputStream().write(REQUEST);
          Silence.last(STOP);
        } finally {
          node.signal("CONT");
        }
        assertThat(answer(kept)).startsWith("HTTP/1.1 200").contains("\"result\":" + fresh);
        assertThat(answer(queued)).startsWith("HTTP/1.1 200").contains("\"result\":" + fresh);
      }
    }
  }

  /** Whether it is a near copy of this value. */
  private static boolean answered(Socket on, String value) throws IOException {
    on.getOutputStream().write(REQUEST);
    String answer = answer(on);
    return answer.contains("recall-near; hit") && answer.contains("\"result\":" + value);
  }

  /** Another value than ever, stored by somebody else than the node. */
  private String store() {
    String text = Integer.toString(++value);
    cli.run("SET", "fib:10", text, "PX", "600000");
    return text;
  }

  private Socket connection() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), node.httpPort());
    socket.setSoTimeout(10_000);
    return socket;
  }

  private static String answer(Socket from) throws IOException {
    InputStream in = from.getInputStream();
    StringBuilder text = new StringBuilder();
    for (int next = in.read(); next >= 0; next = in.read()) {
      text.append((char) next);
      if (next == '}') {
        return text.toString();
      }
    }
    throw new AssertionError("an answer ends early: " + text);
  }
}
