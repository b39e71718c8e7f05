package dev.recall.edge;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/** What all peers of a port hold of one kind, and the most that they may, in bytes. Thread-safe. */
final class Pool {

  private final long most;
  private final AtomicLong held = new AtomicLong();

  Pool(long most) {
    this.most = most;
  }

  /**
   * Holds more, whether there is room or not.
   *
   * @param shed makes room, and tells whether it could
   * @return whether there is room
   */
  boolean take(long bytes, BooleanSupplier shed) {
    boolean full = held.addAndGet(bytes) > most;
    while (full && shed.getAsBoolean()) {
      full = held.get() > most;
    }
    return !full;
  }

  void give(long bytes) {
    held.addAndGet(-bytes);
  }
}
