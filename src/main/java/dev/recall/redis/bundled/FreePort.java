package dev.recall.redis.bundled;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Ports of the loopback address that nobody listens on now. */
final class FreePort {

  private FreePort() {}

  /** That of the last server in the directory if it is free, so that people find it again. */
  static int preferring(DataDirectory directory) throws IOException {
    return directory
        .read("redis.port")
        .map(String::trim)
        .filter(text -> text.matches("\\d{4,5}"))
        .map(Integer::valueOf)
        .filter(FreePort::isFree)
        .orElseGet(FreePort::any);
  }

  static boolean isFree(int port) {
    if (port > 65_535) {
      return false;
    }
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
