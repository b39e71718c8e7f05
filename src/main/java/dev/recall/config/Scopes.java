package dev.recall.config;

import java.util.Set;

/**
 * All that a caller may do.
 *
 * @param named at least one
 */
public record Scopes(Set<Scope> named) {

  /**
   * @throws IllegalArgumentException where none is named
   */
  public Scopes {
    if (named.isEmpty()) {
      throw new IllegalArgumentException("must name at least one of read, write, admin");
    }
    named = Set.copyOf(named);
  }

  /**
   * Scopes as they are set.
   *
   * @param text like {@code read write}
   * @throws IllegalArgumentException saying which there are
   */
  public Scopes(String text) {
    this(Word.in(text, Scope.class));
  }

  /** Whether a caller with these may do that; an admin may do everything. */
  public boolean include(Scope scope) {
    return named.contains(scope) || named.contains(Scope.ADMIN);
  }
}
