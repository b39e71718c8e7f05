package dev.recall.config;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Everything an operator can set, as {@code conf/recall.yaml} lays it out: a nested record is a
 * section, a component is a setting, and {@code maxN} is written {@code max-n}.
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
    Compute compute) {

  /** Where callers are answered. */
  public record Http(String host, @Within(min = 0, max = 65535) int port) {}

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

  /** The workers that compute. */
  public record Compute(
      @Within(min = 0, max = 1024) int threads,
      @Within(min = 1, max = 1_000_000) int queue,
      @Within(min = 10, max = 50_000) Duration deadline) {}
}
