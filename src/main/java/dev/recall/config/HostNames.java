package dev.recall.config;

import java.util.Locale;
import java.util.Set;

/**
 * Names of hosts, without ports, in small letters.
 *
 * @param all may be none
 */
public record HostNames(Set<String> all) {

  /**
   * @throws IllegalArgumentException where one is no name
   */
  public HostNames {
    all = Set.copyOf(all);
    if (!all.stream().allMatch(name -> name.matches("[a-z0-9._-]+|[0-9a-f:]+"))) {
      throw new IllegalArgumentException("must be names of hosts without ports");
    }
  }

  /**
   * Names as they are set.
   *
   * @param text like {@code recall.example counters.example}, or empty
   * @throws IllegalArgumentException where one is no name
   */
  public HostNames(String text) {
    this(
        text.isEmpty()
            ? Set.of()
            : Set.of(text.toLowerCase(Locale.ROOT).trim().split("[ ,]+", -1)));
  }
}
