package dev.recall.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Results that nobody computed, in the bundled Redis of a data directory: numbers that stand for
 * the Fibonacci numbers of themselves.
 */
final class StoredResults {

  private static final int PIPELINED = 1_000;
  private static final int TTL_SECONDS = 600;
  private static final byte[] OKAY =
      "+OK\r\n".repeat(PIPELINED).getBytes(StandardCharsets.US_ASCII);

  private StoredResults() {}

  /** The key of a result. */
  static String key(int n) {
    return "fib:" + n;
  }

  /**
   * Stores the results of inputs from the first one on.
   *
   * @param count of them, a multiple of {@value #PIPELINED}
   * @throws IOException where Redis does not take one
   */
  static void store(Path data, int first, int count) throws IOException {
    Properties server = new Properties();
    server.load(new StringReader(Files.readString(data.resolve("redis.server"))));
    int port = Integer.parseInt(server.getProperty("port"));
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      OutputStream commands = socket.getOutputStream();
      InputStream replies = socket.getInputStream();
      String hello = "AUTH operator " + server.getProperty("password") + "\r\n";
      commands.write(hello.getBytes(StandardCharsets.US_ASCII));
      replies.readNBytes("+OK\r\n".length());
      for (int next = first; next < first + count; next += PIPELINED) {
        String sets =
            IntStream.range(next, next + PIPELINED)
                .mapToObj(n -> "SET %s %d EX %d\r\n".formatted(key(n), n, TTL_SECONDS))
                .collect(Collectors.joining());
        commands.write(sets.getBytes(StandardCharsets.US_ASCII));
        if (!Arrays.equals(replies.readNBytes(OKAY.length), OKAY)) {
          throw new IOException("Redis does not take the results");
        }
      }
    }
  }
}
