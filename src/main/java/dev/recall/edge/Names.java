package dev.recall.edge;

import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import io.netty.util.NetUtil;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.HostAndPort;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The names by which a port is called. A browser lets any page send requests to a name, and its
 * owner may have that name mean this machine (DNS rebinding): where no token is asked for, what a
 * request is addressed to is all that tells such a page from a program of this machine.
 */
public final class Names {

  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|.+\\.localhost|127(\\.\\d{1,3}){3}|::1|0:0:0:0:0:0:0:1");

  private final boolean all;
  private final boolean addresses;
  private final Set<String> named;
  private volatile String lastServed = "";

  private Names(boolean all, boolean addresses, Set<String> named) {
    this.all = all;
    this.addresses = addresses;
    this.named = named;
  }

  /** Any name, for callers who show a token: a page does not have it. */
  public static Names any() {
    return new Names(true, true, Set.of());
  }

  /**
   * Loopback names, the address that is listened on, and {@code more}. Where that address can be
   * reached from elsewhere, other addresses, too, since no page can have one that is not its own;
   * and where no more names are given, any: the network then is what keeps pages out.
   *
   * @param host that is listened on
   * @param more names, without ports, in small letters
   */
  public static Names of(String host, Set<String> more) {
    boolean elsewhere = !isLoopback(host);
    return elsewhere && more.isEmpty()
        ? any()
        : new Names(
            false,
            elsewhere,
            Stream.concat(more.stream(), Stream.of(host.toLowerCase(Locale.ROOT)))
                .collect(Collectors.toUnmodifiableSet()));
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException unknown) {
      return true; // nor can it be listened on, which the listener tells
    }
  }

  /** Why a request is not for this port; empty where it is. */
  Optional<FailureException> refusal(HttpServerRequest request) {
    List<String> hosts = request.headers().getAll(HttpHeaders.HOST);
    if (hosts.size() > 1) {
      return Optional.of(Failure.MALFORMED.because("Host must stand once"));
    }
    // A program that sends none is no browser.
    boolean served = all || hosts.stream().allMatch(this::isServed);
    if (served && !all && request.version() == HttpVersion.HTTP_2) {
      HostAndPort authority = request.authority();
      served = authority == null || isName(authority.host());
    }
    return served
        ? Optional.empty()
        : Optional.of(Failure.MISDIRECTED.because("this node is not called so: see http.hosts"));
  }

  // Nearly all requests name the same host.
  private boolean isServed(String host) {
    if (host.equals(lastServed)) {
      return true;
    }
    HostAndPort authority = HostAndPort.parseAuthority(host, -1);
    boolean served = authority != null && isName(authority.host());
    if (served) {
      lastServed = host;
    }
    return served;
  }

  private boolean isName(String written) {
    String host = written.toLowerCase(Locale.ROOT).replaceAll("^\\[|\\]$", "");
    return LOOPBACK.matcher(host).matches()
        || named.contains(host)
        || (addresses && (NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host)));
  }

  /**
   * Refuses what a page of another site has a browser send.
   *
   * @throws FailureException {@link Failure#CROSS_SITE}, by {@code Origin} or {@code
   *     Sec-Fetch-Site}
   */
  public void requireSameSite(HttpServerRequest request) {
    boolean crosses =
        "cross-site".equalsIgnoreCase(request.getHeader("Sec-Fetch-Site"))
            || !request.headers().getAll(HttpHeaders.ORIGIN).stream()
                .allMatch(origin -> isOwn(origin, request));
    if (crosses) {
      throw Failure.CROSS_SITE.because("a page of another site may not change anything here");
    }
  }

  private boolean isOwn(String origin, HttpServerRequest request) {
    try {
      URI uri = new URI(origin);
      if (uri.getHost() == null) {
        return false;
      }
      HostAndPort authority = request.authority();
      return all
          ? authority != null && uri.getHost().equalsIgnoreCase(authority.host())
          : isName(uri.getHost());
    } catch (URISyntaxException opaque) {
      return false;
    }
  }
}
