package dev.recall.testing;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/** A peer that says what HTTP clients do not: bytes. */
public final class RawCaller implements AutoCloseable {

  private static final int PATIENCE_MILLIS = 10_000;

  private final Socket socket = new Socket();

  /** One that is connected to a port of this machine. */
  public RawCaller(int port) throws IOException {
    this(port, 0);
  }

  /**
   * The same, that has little room for what it does not read.
   *
   * @param receiveBytes how much; 0: what is usual
   */
  public RawCaller(int port, int receiveBytes) throws IOException {
    if (receiveBytes > 0) {
      socket.setReceiveBufferSize(receiveBytes);
    }
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    socket.setSoTimeout(PATIENCE_MILLIS);
  }

  /** Sends bytes. */
  public RawCaller send(String bytes) throws IOException {
    socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
    return this;
  }

  /** Reads until this has come so often, or the other side has closed. */
  public String readUntil(String last, int times) throws IOException {
    StringBuilder read = new StringBuilder();
    InputStream in = socket.getInputStream();
    byte[] buffer = new byte[65_536];
    int found = 0;
    while (found < times) {
      int length = in.read(buffer);
      if (length < 0) {
        break;
      }
      int from = Math.max(0, read.length() - last.length() + 1);
      read.append(new String(buffer, 0, length, StandardCharsets.ISO_8859_1));
      for (int at = from; (at = read.indexOf(last, at)) >= 0; at += last.length()) {
        found++;
      }
    }
    return read.toString();
  }

  /** Reads until the other side has closed, and answers what came. */
  public String readToEnd() throws IOException {
    try {
      return readUntil("\0", 1);
    } catch (SocketException reset) {
      return "";
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
