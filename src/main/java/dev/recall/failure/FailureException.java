package dev.recall.failure;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A {@link Failure} on its way to the caller; it carries no stack trace, since it is an answer and
 * not a bug.
 */
public final class FailureException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** The most of a detail that is told: it may repeat what the caller has sent. */
  private static final int MAX_DETAIL = 1_000;

  private final Failure failure;
  private final String detail;
  private final transient List<Fault> faults;
  private final Duration retryAfter;

  private FailureException(
      Failure failure, String detail, List<Fault> faults, Duration retryAfter) {
    super(detail, null, false, false);
    this.failure = failure;
    this.detail = detail;
    this.faults = List.copyOf(faults);
    this.retryAfter = retryAfter;
  }

  FailureException(Failure failure, String detail) {
    this(failure, cut(detail, MAX_DETAIL), List.of(), Duration.ZERO);
  }

  /** A text that may be long: its beginning, whole characters of it. */
  public static String cut(String text, int max) {
    if (text.length() <= max) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(max - 1)) ? max - 1 : max;
    return text.substring(0, end) + "…";
  }

  /**
   * What is wrong with one part of a request.
   *
   * @param loc where it stands: {@code body} and the name of a field; or a name alone, of something
   *     that only the sender knows the place of
   * @param detail a sentence that names it
   */
  public record Fault(List<String> loc, String detail) {}

  /**
   * Parts that do not fit: {@link Failure#INVALID}.
   *
   * @param more how many faults there are beside these
   */
  public static FailureException invalid(List<Fault> faults, long more) {
    String all = faults.stream().map(Fault::detail).collect(Collectors.joining("; "));
    String detail = cut(all, MAX_DETAIL) + (more == 0 ? "" : "; and " + more + " more");
    return new FailureException(Failure.INVALID, detail, faults, Duration.ZERO);
  }

  /** Something that does not fit: {@link Failure#INVALID}. */
  public static FailureException invalid(String name, String detail) {
    return invalid(List.of(name), detail);
  }

  /** The same, of something whose place is known. */
  public static FailureException invalid(List<String> loc, String detail) {
    return invalid(List.of(new Fault(loc, detail)), 0);
  }

  /** Whether what failed a future is one of these. */
  public static boolean isOneOf(Throwable cause, Failure... failures) {
    return cause instanceof FailureException known && List.of(failures).contains(known.failure);
  }

  /** The same, and when to ask again. */
  public FailureException retryAfter(Duration wait) {
    return new FailureException(failure, detail, faults, wait);
  }

  /** The row of the table. */
  public Failure failure() {
    return failure;
  }

  /** What happened this time, in a sentence the caller may read. */
  public String detail() {
    return detail;
  }

  /** What is wrong part by part, where it is that; within this process only. */
  public List<Fault> faults() {
    return faults;
  }

  /** When to ask again; zero where that is not known. Within this process only. */
  public Duration retryAfter() {
    return retryAfter;
  }
}
