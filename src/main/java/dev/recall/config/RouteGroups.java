package dev.recall.config;

import java.util.Set;

/**
 * The routes that a rate limit is for.
 *
 * @param named none: the limit is for those who take it themselves, on the event bus or over HTTP
 */
public record RouteGroups(Set<RouteGroup> named) {

  /** A copy of the set. */
  public RouteGroups {
    named = Set.copyOf(named);
  }

  /**
   * Groups as they are set.
   *
   * @param text like {@code cache counters}, or empty
   * @throws IllegalArgumentException saying which there are
   */
  public RouteGroups(String text) {
    this(Word.in(text, RouteGroup.class));
  }

  /** Whether the limit is for this group. */
  public boolean include(RouteGroup group) {
    return named.contains(group);
  }
}
