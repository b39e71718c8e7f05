package dev.recall.config;

import io.vertx.core.net.HostAndPort;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where an origin answers, with a place for the input: {@code
 * https://shop.internal/products/{input}?full=true}. An input is encoded as one segment of a path
 * or one value of a query, so that it stays in its place whatever it is.
 */
public final class OriginUrl {

  private static final String INPUT = "{input}";

  /** Stands in for the input while the rest is looked at. */
  private static final String STAND_IN = "recall-input";

  private static final String UNRESERVED =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

  private static final Pattern VISIBLE = Pattern.compile("[!-~]*");
  private static final Pattern DOTS = Pattern.compile("(\\.|%2[eE])+");

  private final String text;
  private final boolean tls;
  private final String host;
  private final int port;
  private final String before;
  private final String after;

  /**
   * A URL as it is set.
   *
   * @throws IllegalArgumentException saying what is wrong with it
   */
  public OriginUrl(String text) {
    this.text = text;
    int at = text.indexOf(INPUT);
    if (at < 0 || text.indexOf(INPUT, at + 1) >= 0) {
      throw new IllegalArgumentException("must have {input} once, in its path or query");
    }
    String standIn = STAND_IN;
    while (text.contains(standIn)) {
      standIn += "x";
    }
    URI uri = uri(text.replace(INPUT, standIn));
    tls = scheme(uri);
    if (uri.getHost() == null || uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
      throw new IllegalArgumentException(
          "must name a host, and no user and no fragment; set headers instead of a user");
    }
    port = port(uri, tls);
    host = host(uri, port);
    String target = target(uri);
    int input = target.indexOf(standIn);
    if (input < 0) {
      throw new IllegalArgumentException("must have {input} in its path or query");
    }
    before = target.substring(0, input);
    after = target.substring(input + standIn.length());
    String segment =
        before.substring(before.lastIndexOf('/') + 1) + after.replaceFirst("[/?].*", "");
    if (!before.contains("?") && DOTS.matcher(segment).matches()) {
      throw new IllegalArgumentException("must not have nothing but dots beside {input}");
    }
  }

  private static String host(URI uri, int port) {
    try {
      HostAndPort.authority(uri.getHost(), port);
      return uri.getHost();
    } catch (IllegalArgumentException otherwise) {
      throw new IllegalArgumentException(
          "must name a host; an address of IPv6 like [::ffff:7f00:1]");
    }
  }

  private static int port(URI uri, boolean tls) {
    if (uri.getPort() == 0 || uri.getPort() > 65_535) {
      throw new IllegalArgumentException("must have a port from 1 to 65535, or none");
    }
    return uri.getPort() > 0 ? uri.getPort() : tls ? 443 : 80;
  }

  private static URI uri(String text) {
    if (!VISIBLE.matcher(text).matches()) {
      throw new IllegalArgumentException("must be a URL: of visible ASCII characters alone");
    }
    try {
      return new URI(text);
    } catch (URISyntaxException invalid) {
      throw new IllegalArgumentException("must be a URL: " + invalid.getReason());
    }
  }

  private static boolean scheme(URI uri) {
    if ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme())) {
      return uri.getScheme().equals("https");
    }
    throw new IllegalArgumentException("must begin with http:// or https://");
  }

  private static String target(URI uri) {
    String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    return uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
  }

  /** Whether it is asked over TLS. */
  public boolean isTls() {
    return tls;
  }

  /** The name or address of the host; one of IPv6 stands in brackets. */
  public String host() {
    return host;
  }

  /** The port, also where it is that of the scheme. */
  public int port() {
    return port;
  }

  /**
   * The path and query that ask for an input.
   *
   * @param input not {@code .} and not {@code ..}, which no encoding keeps from being a dot segment
   */
  public String target(String input) {
    StringBuilder encoded = new StringBuilder(before);
    for (byte one : input.getBytes(StandardCharsets.UTF_8)) {
      if (UNRESERVED.indexOf(one) >= 0) {
        encoded.append((char) one);
      } else {
        encoded.append('%').append(hex(one >> 4)).append(hex(one));
      }
    }
    return encoded.append(after).toString();
  }

  private static char hex(int half) {
    return Character.toUpperCase(Character.forDigit(half & 0xF, 16));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof OriginUrl url && url.text.equals(text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  /** As it was set. */
  @Override
  public String toString() {
    return text;
  }
}
