package dev.recall.redis.bundled;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The version of a redis-server; {@link #toString()} writes it as {@code 7.0.15}. */
record RedisVersion(int major, int minor, int patch) implements Comparable<RedisVersion> {

  /** The oldest that does what Recall needs. */
  static final RedisVersion OLDEST = new RedisVersion(6, 2, 0);

  private static final Pattern WRITTEN =
      Pattern.compile("(\\d{1,4})\\.(\\d{1,4})(?:\\.(\\d{1,4}))?");
  private static final Pattern ANSWERED = Pattern.compile("v=(" + WRITTEN.pattern() + ")");
  private static final Comparator<RedisVersion> ORDER =
      Comparator.comparingInt(RedisVersion::major)
          .thenComparingInt(RedisVersion::minor)
          .thenComparingInt(RedisVersion::patch);

  /** A version as it is written; a missing third number is 0. */
  static Optional<RedisVersion> of(String written) {
    Matcher matcher = WRITTEN.matcher(written);
    return matcher.matches() ? Optional.of(of(matcher)) : Optional.empty();
  }

  /** The version that a program tells when it is asked with {@code --version}. */
  static Optional<RedisVersion> answeredIn(String answer) {
    Matcher matcher = ANSWERED.matcher(answer);
    return matcher.find() ? of(matcher.group(1)) : Optional.empty();
  }

  /** Whether it writes files that the other one may not read. */
  boolean isNewerLineThan(RedisVersion other) {
    return major > other.major || (major == other.major && minor > other.minor);
  }

  @Override
  public int compareTo(RedisVersion other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return major + "." + minor + "." + patch;
  }

  private static RedisVersion of(Matcher matcher) {
    String patch = matcher.group(3);
    return new RedisVersion(
        Integer.parseInt(matcher.group(1)),
        Integer.parseInt(matcher.group(2)),
        patch == null ? 0 : Integer.parseInt(patch));
  }
}
