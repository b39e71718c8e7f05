package dev.recall.config;

import java.net.URI;

/**
 * The address of a Redis with its credentials, which {@link #toString()} masks so that no log ever
 * shows them.
 *
 * @param url {@code redis://[user:password@]host[:port][/database]}, {@code rediss://} for TLS, or
 *     empty where no server is named
 */
public record RedisUrl(String url) {

  /**
   * @throws IllegalArgumentException saying what is wrong, without repeating the credentials
   */
  public RedisUrl {
    if (!url.isEmpty()) {
      requireValid(url);
    }
  }

  /** Whether no server is named. */
  public boolean isEmpty() {
    return url.isEmpty();
  }

  @Override
  public String toString() {
    return url.replaceFirst("//[^@/]*@", "//***@");
  }

  private static void requireValid(String url) {
    URI uri;
    try {
      uri = URI.create(url);
    } catch (IllegalArgumentException malformed) {
      throw new IllegalArgumentException("is not a URL");
    }
    if (!"redis".equals(uri.getScheme()) && !"rediss".equals(uri.getScheme())) {
      throw new IllegalArgumentException("must begin with redis:// or rediss://");
    }
    if (uri.getHost() == null) {
      throw new IllegalArgumentException("names no host");
    }
    if (uri.getPort() == 0 || uri.getPort() > 65_535) {
      throw new IllegalArgumentException("must have a port from 1 to 65535");
    }
    if (uri.getPath() != null && !uri.getPath().matches("/?|/[0-9]{1,5}")) {
      throw new IllegalArgumentException("must end with a database number, like /0");
    }
    if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
      throw new IllegalArgumentException("takes no parameters");
    }
  }
}
