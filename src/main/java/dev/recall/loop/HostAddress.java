package dev.recall.loop;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.net.SocketAddress;
import java.net.Inet6Address;
import java.net.InetAddress;

/**
 * What the name of a host means now. The HTTP client of Vert.x 5.1.6 asks once, and connects to
 * that address for ever (vert.x#6255), however soon it is another's.
 */
public final class HostAddress {

  private HostAddress() {}

  /**
   * The address, remembered no longer than its name server says.
   *
   * @param host a name or an address; one of IPv6 in brackets
   * @return failed as {@link java.net.UnknownHostException} where there is none
   */
  public static Future<InetAddress> of(Vertx vertx, String host) {
    String name = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    return ((VertxInternal) vertx).nameResolver().resolve(name);
  }

  /** An address as the client takes it: without the name, by which it would know the former one. */
  public static SocketAddress withoutName(InetAddress address, int port) {
    String text = address.getHostAddress();
    return SocketAddress.inetSocketAddress(
        port, address instanceof Inet6Address ? "[" + text + "]" : text);
  }
}
