package dev.recall.config;

import java.util.List;

/** Settings that no node can start with: one sentence for each fault, naming the setting. */
public final class BadSettings extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final List<String> faults;

  /** All faults at once, so that a restart does not only find the next one. */
  public BadSettings(List<String> faults) {
    super(String.join("; ", faults));
    this.faults = List.copyOf(faults);
  }

  /** A single fault, found only by trying: a port that is taken, a password that is refused. */
  public BadSettings(String fault) {
    this(List.of(fault));
  }

  /** One sentence for each fault; at least one. */
  public List<String> faults() {
    return faults;
  }
}
