package dev.recall.redis.bundled;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/**
 * One blocking connection to a redis-server on this machine, of the few commands that its keeper
 * needs before any event loop may trust it.
 */
final class RedisLine implements AutoCloseable {

  private static final int PATIENCE_MS = 2_000;
  private static final int LONGEST_REPLY = 1 << 24;

  private final Socket socket = new Socket();
  private final InputStream in;

  /**
   * @throws IOException where nobody listens
   */
  RedisLine(int port) throws IOException {
    try {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MS);
      socket.setSoTimeout(PATIENCE_MS);
      in = new BufferedInputStream(socket.getInputStream());
    } catch (IOException failed) {
      socket.close();
      throw failed;
    }
  }

  /**
   * The reply as text: {@code +OK}, {@code -ERR …}, {@code :1}, or a bulk bare; of an array, its
   * elements one a line.
   *
   * @throws IOException where there is none within two seconds
   */
  String ask(String... words) throws IOException {
    StringBuilder request = new StringBuilder("*" + words.length + "\r\n");
    for (String word : words) {
      request.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
    }
    socket.getOutputStream().write(request.toString().getBytes(StandardCharsets.US_ASCII));
    return reply();
  }

  /** Whether the other side has not closed it; nothing that was asked may be unanswered. */
  boolean isOpen() {
    return !isClosedWithin(1);
  }

  /** Waits for the other side to close it, and tells whether it did. */
  boolean isClosedWithin(int millis) {
    try {
      socket.setSoTimeout(millis);
      boolean closed = in.read() < 0;
      socket.setSoTimeout(PATIENCE_MS);
      return closed;
    } catch (SocketTimeoutException open) {
      return !hasPatience();
    } catch (IOException broken) {
      return true;
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException gone) {
      // nothing is left to do with it
    }
  }

  private boolean hasPatience() {
    try {
      socket.setSoTimeout(PATIENCE_MS);
      return true;
    } catch (IOException broken) {
      return false;
    }
  }

  private String reply() throws IOException {
    String line = line();
    return switch (line.isEmpty() ? ' ' : line.charAt(0)) {
      case '$' -> bulk(length(line));
      case '*' -> array(length(line));
      default -> line;
    };
  }

  private String array(int length) throws IOException {
    StringBuilder elements = new StringBuilder();
    for (int i = 0; i < length; i++) {
      elements.append(reply()).append('\n');
    }
    return elements.toString();
  }

  private String bulk(int length) throws IOException {
    byte[] bytes = in.readNBytes(Math.max(length, 0));
    line();
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static int length(String line) throws IOException {
    if (!line.matches(".-?\\d{1,9}") || Integer.parseInt(line.substring(1)) > LONGEST_REPLY) {
      throw new IOException("no redis-server answers so");
    }
    return Integer.parseInt(line.substring(1));
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0 || line.size() > LONGEST_REPLY) {
        throw new EOFException("no whole reply");
      }
      line.write(next);
    }
    return line.toString(StandardCharsets.UTF_8).stripTrailing();
  }
}
