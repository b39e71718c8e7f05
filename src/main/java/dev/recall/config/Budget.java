package dev.recall.config;

import com.sun.management.UnixOperatingSystemMXBean;
import io.netty.util.internal.PlatformDependent;
import java.lang.management.ManagementFactory;

/**
 * What a node may hold for its callers, from the memory that its JVM has, the heap less what the
 * node itself and its near copies take, and from the files that may be open. Each part below is a
 * share of that; together they leave room for what is garbage already.
 *
 * @param heapBytes the largest heap
 * @param directBytes the most memory outside of it that buffers may take
 * @param nearBytes of the heap, set aside for near copies
 * @param descriptors how many connections the limit of open files leaves to callers: where none is
 *     left for a connection that comes, the loop that accepts them spins
 */
public record Budget(long heapBytes, long directBytes, long nearBytes, long descriptors) {

  private static final long MIB = 1L << 20;

  /** What a node takes that has nothing to do, as measured after a collection. */
  private static final long NODE_BYTES = 24 * MIB;

  /** What Netty and Vert.x hold for a connection, and for a usual request of it, as measured. */
  public static final int CONNECTION_BYTES = 12_288;

  /**
   * What is reckoned for one who waits for a lock: twice what his connection takes, so that those
   * who wait have no more than half of the connections, and others are served.
   */
  private static final long WAITER_BYTES = 2 * CONNECTION_BYTES;

  /** What a node opens besides: Redis, the ports, files, other nodes. */
  private static final long OWN_DESCRIPTORS = 64;

  private static final long LEAST_DESCRIPTORS = 32;

  /** The least that must be left for callers. */
  private static final long LEAST_FREE_BYTES = 24 * MIB;

  /**
   * @throws BadSettings where so many near copies do not fit, or too few files may be open
   */
  public Budget {
    if (heapBytes - NODE_BYTES - nearBytes < LEAST_FREE_BYTES) {
      long most = Math.max(0, heapBytes - NODE_BYTES - LEAST_FREE_BYTES) / MIB;
      throw new BadSettings(
          "cache.near.max-bytes: a heap of %d MiB has room for %d MiB; raise it (JAVA_OPTS=-Xmx…), or set less"
              .formatted(heapBytes / MIB, most));
    }
    if (descriptors < LEAST_DESCRIPTORS) {
      throw new BadSettings(
          "the limit of open files leaves %d to callers; raise it (ulimit -n) by %d or more"
              .formatted(Math.max(0, descriptors), LEAST_DESCRIPTORS - descriptors));
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
        Runtime.getRuntime().maxMemory(),
        PlatformDependent.maxDirectMemory(),
        nearBytes,
        freeDescriptors());
  }

  /** How many connections the limit of open files leaves to callers now. */
  public static long freeDescriptors() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
        ? system.getMaxFileDescriptorCount() - system.getOpenFileDescriptorCount() - OWN_DESCRIPTORS
        : Integer.MAX_VALUE;
  }

  /** What is left of the heap for callers. */
  private long freeBytes() {
    return heapBytes - NODE_BYTES - nearBytes;
  }

  /**
   * How many bytes of large results may be on their way at a time, from Redis or from whoever
   * computed them: a sixth.
   */
  public long largeResultBytes() {
    return freeBytes() / 6;
  }

  /**
   * How many bytes of answers to requests for many results may be gathered at a time: an eighth.
   */
  public long gatheredBytes() {
    return freeBytes() / 8;
  }

  /** How many may wait for locks, out of what is for connections. */
  public int lockWaiters() {
    return (int) (callers().connectionBytes() / WAITER_BYTES);
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

  /**
   * What the peers of one port may make a node hold, in bytes.
   *
   * @param connectionBytes for connections, unfinished headers and requests in work
   * @param bodyBytes for bodies on their way, or waiting for their answer
   * @param answerBytes for large answers that are not taken yet
   * @param outboundBytes outside of the heap, before sockets that take no more
   */
  public record Port(long connectionBytes, long bodyBytes, long answerBytes, long outboundBytes) {}

  /** That of the callers: together half of what is free, and a quarter of what is outside. */
  public Port callers() {
    return new Port(
        connections(freeBytes() / 4, 7), freeBytes() / 16, freeBytes() / 6, directBytes / 4);
  }

  /** That of the operators, who are few: a twelfth in all. */
  public Port operators() {
    return new Port(
        connections(freeBytes() / 32, 1), freeBytes() / 128, freeBytes() / 32, directBytes / 32);
  }

  private long connections(long bytes, int eighths) {
    return Math.min(bytes, descriptors * eighths / 8 * CONNECTION_BYTES);
  }
}
