package dev.recall.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/**
 * Everything an operator can set, as {@code conf/recall.yaml} lays it out: a nested record is a
 * section, a map is a section of named records, a component is a setting, and {@code maxN} is
 * written {@code max-n}.
 */
public record Settings(
    boolean cluster,
    Http http,
    Management management,
    Redis redis,
    Data data,
    Cache cache,
    Fib fib,
    Counter counter,
    State state,
    Compute compute,
    Map<String, Definition> computations,
    Origins origins,
    Map<String, RateLimit> rateLimits) {

  /**
   * @throws IllegalArgumentException where two rate limits are for one group of routes
   */
  public Settings {
    Map<RouteGroup, String> limitOf = new EnumMap<>(RouteGroup.class);
    rateLimits.forEach(
        (name, rateLimit) -> {
          for (RouteGroup group : rateLimit.groups().named()) {
            String other = limitOf.putIfAbsent(group, name);
            if (other != null) {
              throw new IllegalArgumentException(
                  "rate-limits: %s and %s both name %s".formatted(other, name, group.word()));
            }
          }
        });
  }

  /** Where callers are answered, and who; without tokens, everybody who reaches the address. */
  public record Http(
      String host,
      @Within(min = 0, max = 65535) int port,
      boolean allowAnonymous,
      HostNames hosts,
      Map<String, Token> tokens) {

    /**
     * @throws IllegalArgumentException where it is not clear who may call
     */
    public Http {
      if (allowAnonymous && !tokens.isEmpty()) {
        throw new IllegalArgumentException("allow-anonymous contradicts tokens");
      }
      if (!allowAnonymous && tokens.isEmpty() && isReachableFromElsewhere(host)) {
        throw new IllegalArgumentException(
            "without tokens only a loopback address is served, unless allow-anonymous is true");
      }
      Map<Secret, String> callerOf = new HashMap<>();
      tokens.forEach(
          (name, token) -> {
            String other = callerOf.putIfAbsent(token.secret(), name);
            if (other != null) {
              throw new IllegalArgumentException(
                  "the tokens %s and %s have the same secret".formatted(other, name));
            }
          });
    }

    private static boolean isReachableFromElsewhere(String host) {
      try {
        return !host.equalsIgnoreCase("localhost")
            && !InetAddress.getByName(host).isLoopbackAddress();
      } catch (UnknownHostException unknown) {
        return false; // nor can it be listened on, which the listener tells
      }
    }
  }

  /** A caller. */
  public record Token(Secret secret, Scopes scopes) {}

  /** Where operators are answered. */
  public record Management(String host, @Within(min = 0, max = 65535) int port) {}

  /** Which Redis holds the state; an empty url means the bundled one. */
  public record Redis(RedisUrl url) {}

  /** Where this node keeps files. */
  public record Data(Path dir) {}

  /** How results are remembered; shares are in percent. */
  public record Cache(
      Near near,
      @Within(min = 100, max = 600_000) Duration lease,
      @Within(min = 0, max = 90) int ttlJitter,
      @Within(min = 0, max = 99) int refreshAhead,
      @Within(min = 0, max = Within.YEAR) Duration staleFor,
      @Within(min = 1, max = 50_000) Duration softTimeout) {}

  /** The copies in memory; 0 bytes: none are kept. */
  public record Near(
      @Within(min = 0, max = 1L << 40) long maxBytes,
      @Within(min = 1, max = Within.YEAR) Duration maxAge) {}

  /** The Fibonacci computation. */
  public record Fib(
      @Within(min = 0, max = 100_000_000) int maxN,
      @Within(min = 1000, max = Within.YEAR) Duration ttl) {}

  /** The visit counters. */
  public record Counter(@Within(min = 1000, max = Within.YEAR) Duration ttl) {}

  /** The documents. */
  public record State(Map<String, Namespace> namespaces) {}

  /**
   * A kind of documents; a max-life of 0: as long as somebody writes it, or reads it if sliding.
   */
  public record Namespace(
      @Within(min = 1000, max = Within.YEAR) Duration ttl,
      boolean sliding,
      @Within(min = 0, max = Within.YEAR) Duration maxLife,
      @Within(min = 1, max = 65_536) long maxBytes,
      boolean stayDeleted) {

    /**
     * @throws IllegalArgumentException where the lives contradict each other
     */
    public Namespace {
      if (stayDeleted && maxLife.isZero()) {
        throw new IllegalArgumentException("stay-deleted needs a max-life");
      }
      if (!maxLife.isZero() && ttl.compareTo(maxLife) > 0) {
        throw new IllegalArgumentException("ttl must not exceed max-life");
      }
    }
  }

  /** The workers that compute. */
  public record Compute(
      @Within(min = 0, max = 1024) int threads,
      @Within(min = 1, max = 1_000_000) int queue,
      @Within(min = 10, max = 50_000) Duration deadline) {}

  /** Where results may be asked for that are defined at run time. */
  public record Origins(Networks allow) {}

  /** How often each caller may do something. */
  public record RateLimit(Rate limit, RouteGroups groups) {}
}
