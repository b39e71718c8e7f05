package dev.recall.field;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Somebody who asks one thing after another, each on a new connection, and is patient. */
final class HonestCaller {

  private static final byte[] REQUEST =
      "GET /cache/calculate/10 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
          .getBytes(StandardCharsets.ISO_8859_1);
  private static final int PATIENCE_MILLIS = 5_000;

  private HonestCaller() {}

  /**
   * How it fared.
   *
   * @param answered share of the requests that were answered 200, 0 to 1
   * @param p99Millis of the time of a request
   */
  record Fared(double answered, double p99Millis) {}

  static Fared asks(int port, Duration time) {
    List<Double> millis = new ArrayList<>();
    int answered = 0;
    long end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < end) {
      long begun = System.nanoTime();
      answered += isAnswered(port) ? 1 : 0;
      millis.add((System.nanoTime() - begun) / (double) TimeUnit.MILLISECONDS.toNanos(1));
    }
    Collections.sort(millis);
    return new Fared(answered / (double) millis.size(), millis.get((int) (millis.size() * 0.99)));
  }

  private static boolean isAnswered(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.getOutputStream().write(REQUEST);
      InputStream in = socket.getInputStream();
      return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1).startsWith("HTTP/1.1 200");
    } catch (IOException failed) {
      return false;
    }
  }
}
