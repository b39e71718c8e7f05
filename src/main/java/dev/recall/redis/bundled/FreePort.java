package dev.recall.redis.bundled;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Ports of the loopback address that nobody listens on now. */
final class FreePort {

  private FreePort() {}

  static boolean isFree(int port) {
    try (ServerSocket probe = bind(port)) {
      return probe.isBound();
    } catch (IOException taken) {
      return false;
    }
  }

  static int any() {
    try (ServerSocket probe = bind(0)) {
      return probe.getLocalPort();
    } catch (IOException exhausted) {
      throw new UncheckedIOException(exhausted);
    }
  }

  private static ServerSocket bind(int port) throws IOException {
    return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
  }
}
