package dev.recall.cache;

import java.util.concurrent.atomic.AtomicLong;

/** Tokens of which no two claims of a lease have the same, on any node. Thread-safe. */
final class LeaseTokens {

  private final String node;
  private final AtomicLong claims = new AtomicLong();

  /**
   * Those of a node.
   *
   * @param node its id, of this node alone, and of this life of it
   */
  LeaseTokens(String node) {
    this.node = node;
  }

  /** One that was not given before. */
  String next() {
    return node + "-" + claims.incrementAndGet();
  }
}
