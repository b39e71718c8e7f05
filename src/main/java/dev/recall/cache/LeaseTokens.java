package dev.recall.cache;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;

/** Tokens of which no two claims of a lease have the same, on any node. Thread-safe. */
final class LeaseTokens {

  private static final int BYTES = 16;

  private final String node;
  private final SecureRandom random;
  private final AtomicLong claims = new AtomicLong();

  /**
   * Those of a node.
   *
   * @param node its id, of this node alone, and of this life of it
   * @param random for those that leave the node
   */
  LeaseTokens(String node, SecureRandom random) {
    this.node = node;
    this.random = random;
  }

  /** One that was not given before. */
  String next() {
    return node + "-" + claims.incrementAndGet();
  }

  /** One that nobody can guess who knows others. */
  String secret() {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
