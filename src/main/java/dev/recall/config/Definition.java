package dev.recall.config;

import java.time.Duration;
import java.util.Optional;

/**
 * A computation that is no class of this program: who makes its results, and how they are
 * remembered. What is left out is as {@code cache} says, or as the method of its name tells.
 *
 * @param url asked by the node
 * @param by made by whoever asks first
 * @param ttl how long a result is fresh
 * @param timeout longest time for one result
 * @param notFoundFor how long it is remembered that there is none
 * @param maxInFlight how many results a node has made at a time
 * @param maxBytes of the longest result
 * @param version its results are not those of another version
 * @param headers sent to the url
 */
public record Definition(
    Optional<OriginUrl> url,
    Optional<By> by,
    @Within(min = 1, max = Within.YEAR) Duration ttl,
    @Within(min = 0, max = Within.YEAR) Optional<Duration> staleFor,
    @Within(min = 0, max = 99) Optional<Integer> refreshAhead,
    @Within(min = 1, max = 50_000) Optional<Duration> softTimeout,
    @Within(min = 0, max = 90) Optional<Integer> ttlJitter,
    @Within(min = 10, max = 50_000) Optional<Duration> timeout,
    @Within(min = 0, max = Within.YEAR) Optional<Duration> notFoundFor,
    @Within(min = 1, max = 10_000) Optional<Integer> maxInFlight,
    @Within(min = 1, max = 1L << 30) Optional<Long> maxBytes,
    Optional<MediaType> mediaType,
    Optional<Version> version,
    Optional<OriginHeaders> headers) {

  private static final Duration NOT_FOUND_FOR = Duration.ofSeconds(5);
  private static final int MAX_IN_FLIGHT = 64;
  private static final long MAX_BYTES = 1L << 20;
  private static final String JSON = "application/json";

  /**
   * @throws IllegalArgumentException where it is not clear who makes its results, or something is
   *     set that counts for another maker only
   */
  public Definition {
    if (url.isPresent() == by.isPresent()) {
      throw new IllegalArgumentException("needs a url, or by: callers, and not both");
    }
    if (headers.isPresent() && url.isEmpty()) {
      throw new IllegalArgumentException("headers are sent to a url, and there is none");
    }
    if (by.isPresent() && by.get().isCallers()) {
      if (timeout.isPresent() || softTimeout.isPresent() || maxInFlight.isPresent()) {
        throw new IllegalArgumentException(
            "timeout, soft-timeout and max-in-flight are for results that a node has made; "
                + "callers take the time they need");
      }
      if (maxBytes.isPresent() && maxBytes.get() > MAX_BYTES) {
        throw new IllegalArgumentException("max-bytes of what callers make is at most 1MiB");
      }
    }
  }

  /** Who makes results that no node does. */
  public record By(String word) {
    private static final String CALLERS = "callers";
    private static final String LENDERS = "lent";

    /**
     * @throws IllegalArgumentException where it is neither {@code callers} nor {@code lent}
     */
    public By {
      if (!word.equals(CALLERS) && !word.equals(LENDERS)) {
        throw new IllegalArgumentException("must be callers");
      }
    }

    private boolean isCallers() {
      return word.equals(CALLERS);
    }
  }

  /** Whether it is lent by an application on the event bus. */
  public boolean isLent() {
    return by.isPresent() && by.get().word().equals(By.LENDERS);
  }

  /** A version: 1 to 32 letters, digits, dots, hyphens and underscores. */
  public record Version(String text) {
    /**
     * @throws IllegalArgumentException where it is none
     */
    public Version {
      if (!text.matches("[A-Za-z0-9._-]{1,32}")) {
        throw new IllegalArgumentException("must be 1 to 32 of A-Z a-z 0-9 . _ -");
      }
    }
  }

  /** What the results are, like {@code application/json}, with or without parameters. */
  public record MediaType(String text) {
    /**
     * @throws IllegalArgumentException where it is none
     */
    public MediaType {
      if (!text.matches("[a-z0-9!#$&^_.+-]{1,64}/[a-z0-9!#$&^_.+-]{1,64}( *; *[!-~ ]{1,100})?")) {
        throw new IllegalArgumentException("must be a media type like application/json");
      }
    }
  }

  /** What the keys of its results begin with, before a colon: its name, and its version. */
  public String space(String name) {
    return version.map(is -> name + "@" + is.text()).orElse(name);
  }

  /** As set, or 5 s. */
  public Duration notFound() {
    return notFoundFor.orElse(NOT_FOUND_FOR);
  }

  /** As set, or 64. */
  public int inFlight() {
    return maxInFlight.orElse(MAX_IN_FLIGHT);
  }

  /** As set, or 1 MiB. */
  public long bytes() {
    return maxBytes.orElse(MAX_BYTES);
  }

  /** As set, or JSON. */
  public String type() {
    return mediaType.map(MediaType::text).orElse(JSON);
  }
}
