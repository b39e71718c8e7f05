package dev.recall.bus;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A {@link Failure} on its way to the caller; it carries no stack trace, since it is an answer and
 * not a bug.
 */
public final class FailureException extends RuntimeException {

  private static final long serialVersionUID = 1L;

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
    this(failure, detail, List.of(), Duration.ZERO);
  }

  /**
   * What is wrong with one part of a request.
   *
   * @param loc where it stands: {@code body} and the name of a field; or a name alone, of something
   *     that only the sender knows the place of
   * @param detail a sentence that names it
   */
  public record Fault(List<String> loc, String detail) {}

  /** Parts that do not fit: {@link Failure#INVALID}. */
  static FailureException invalid(List<Fault> faults) {
    String detail = faults.stream().map(Fault::detail).collect(Collectors.joining("; "));
    return new FailureException(Failure.INVALID, detail, faults, Duration.ZERO);
  }

  /** Something that does not fit: {@link Failure#INVALID}. */
  public static FailureException invalid(String name, String detail) {
    return invalid(List.of(new Fault(List.of(name), detail)));
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
