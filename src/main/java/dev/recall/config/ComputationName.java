package dev.recall.config;

import java.util.Set;
import java.util.regex.Pattern;

/** What computations can be called: their names begin the keys of their results in Redis. */
public final class ComputationName {

  /** Names whose keys in Redis are something else. */
  private static final Set<String> TAKEN =
      Set.of("answer", "counter", "fence", "lease", "lock", "rate", "recall", "state");

  private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,64}");

  private ComputationName() {}

  /** Whether it has 1 to 64 small letters, digits and hyphens. */
  public static boolean isWellFormed(String name) {
    return NAME.matcher(name).matches();
  }

  /** Whether another kind of key is called that. */
  public static boolean isTaken(String name) {
    return TAKEN.contains(name);
  }
}
