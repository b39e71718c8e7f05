package dev.recall.bus;

/**
 * A {@link Failure} on its way to the caller; it carries no stack trace, since it is an answer and
 * not a bug.
 */
public final class FailureException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final Failure failure;
  private final String detail;

  FailureException(Failure failure, String detail) {
    super(detail, null, false, false);
    this.failure = failure;
    this.detail = detail;
  }

  /** The row of the table. */
  public Failure failure() {
    return failure;
  }

  /** What happened this time, in a sentence the caller may read. */
  public String detail() {
    return detail;
  }
}
