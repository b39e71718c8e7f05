package dev.recall.config;

import io.netty.util.internal.PlatformDependent;

/**
 * What a node may hold for its callers, from the memory that its JVM has: the heap less what the
 * node itself and its near copies take. Each part below is a share of that; together they leave
 * room for what is garbage already.
 *
 * @param heapBytes the largest heap
 * @param directBytes the most memory outside of it that buffers may take
 * @param nearBytes of the heap, set aside for near copies
 */
public record Budget(long heapBytes, long directBytes, long nearBytes) {

  private static final long KIB = 1L << 10;

  private static final long MIB = 1L << 20;

  /** What a node takes that has nothing to do, as measured after a collection. */
  private static final long NODE_BYTES = 24 * MIB;

  /** What one who waits for a lock takes, his request included, as measured. */
  private static final long WAITER_BYTES = 4 * KIB;

  /** The least that must be left for callers. */
  private static final long LEAST_FREE_BYTES = 24 * MIB;

  /**
   * @throws BadSettings where so many near copies do not fit
   */
  public Budget {
    if (heapBytes - NODE_BYTES - nearBytes < LEAST_FREE_BYTES) {
      long most = Math.max(0, heapBytes - NODE_BYTES - LEAST_FREE_BYTES) / MIB;
      throw new BadSettings(
          "cache.near.max-bytes: a heap of %d MiB has room for %d MiB; raise it (JAVA_OPTS=-Xmx…), or set less"
              .formatted(heapBytes / MIB, most));
    }
  }

  /**
   * That of this JVM.
   *
   * @param nearBytes as set
   * @throws BadSettings where so many near copies do not fit
   */
  public static Budget ofThisJvm(long nearBytes) {
    return new Budget(
        Runtime.getRuntime().maxMemory(), PlatformDependent.maxDirectMemory(), nearBytes);
  }

  /** What is left of the heap for callers. */
  private long freeBytes() {
    return heapBytes - NODE_BYTES - nearBytes;
  }

  /**
   * How many bytes of large results may be on their way at a time, from Redis or from whoever
   * computed them: a quarter.
   */
  public long largeResultBytes() {
    return freeBytes() / 4;
  }

  /** How many bytes of answers to requests for many results may be gathered at a time: a sixth. */
  public long gatheredBytes() {
    return freeBytes() / 6;
  }

  /** How many may wait for locks: a sixth, of which each takes so much with his request. */
  public int lockWaiters() {
    return (int) (freeBytes() / 6 / WAITER_BYTES);
  }

  /** How long a result may be, in bytes: it is held several times while it is written and sent. */
  public long resultBytes() {
    return freeBytes() / 24;
  }

  /**
   * Refuses a setting that lets results be longer.
   *
   * @param bytes of the longest one
   * @throws BadSettings where it does not fit
   */
  public void requireResult(String setting, long bytes) {
    if (bytes > resultBytes()) {
      throw new BadSettings(
          "%s: results of %d bytes do not fit: a heap of %d MiB has room for %d each; raise it (JAVA_OPTS=-Xmx…), or set less"
              .formatted(setting, bytes, heapBytes / MIB, resultBytes()));
    }
  }
}
