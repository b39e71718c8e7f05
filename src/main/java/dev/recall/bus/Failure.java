package dev.recall.bus;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Everything that can go wrong for a caller: the one table of codes, meanings and HTTP statuses.
 *
 * <p>The code crosses the event bus as the failure code of a {@code ReplyException}; its first
 * three digits are the HTTP status.
 */
public enum Failure {
  /** The request cannot be read: malformed escape, header or JSON. */
  MALFORMED(40000, "Malformed request"),
  /** No route has this path. */
  NO_SUCH_ROUTE(40400, "Not found"),
  /** No computation has this name. */
  NO_SUCH_COMPUTATION(40401, "No such computation"),
  /** The path exists, the verb does not; the Allow header lists those that do. */
  METHOD_NOT_ALLOWED(40500, "Method not allowed"),
  /** None of the representations offered is among those accepted. */
  NOT_ACCEPTABLE(40600, "Not acceptable"),
  /** The key holds something that is no counter; it was left as it was. */
  WRONG_TYPE(40900, "Wrong type"),
  /** The counter would leave the range of 64 bits; it was left as it was. */
  COUNTER_OVERFLOW(40901, "Counter overflow"),
  /** The body is longer than the limit. */
  BODY_TOO_LARGE(41300, "Body too large"),
  /** The request line is longer than the limit. */
  URI_TOO_LONG(41400, "URI too long"),
  /** The body is of a type that this path does not read. */
  UNSUPPORTED_MEDIA_TYPE(41500, "Unsupported media type"),
  /** A value is well-formed but not allowed. */
  INVALID(42200, "Invalid value"),
  /** The header block is longer than the limit. */
  HEADERS_TOO_LARGE(43100, "Headers too large"),
  /** A bug. */
  INTERNAL(50000, "Internal error"),
  /** Redis cannot be reached or refuses to serve; nothing was changed. */
  REDIS_UNAVAILABLE(50300, "Redis is unavailable"),
  /** Redis was lost before it answered a write: it may have happened or not. */
  OUTCOME_UNKNOWN(50301, "Outcome unknown"),
  /** Too much is waiting already; nothing was done. */
  OVERLOADED(50302, "Overloaded"),
  /** No node serves this address now. */
  NO_SERVER(50303, "No server"),
  /** No answer within the deadline. */
  TIMED_OUT(50400, "Timed out");

  private static final Map<Integer, Failure> BY_CODE =
      Arrays.stream(values()).collect(Collectors.toMap(Failure::code, Function.identity()));

  private final int code;
  private final String title;

  Failure(int code, String title) {
    this.code = code;
    this.title = title;
  }

  /** The code on the event bus: stable, and unique in this table. */
  public int code() {
    return code;
  }

  /** The HTTP status, 400 to 599. */
  public int status() {
    return code / 100;
  }

  /** What happened, in two or three words that never change. */
  public String title() {
    return title;
  }

  /** A stable name for programs to branch on, like {@code urn:recall:outcome-unknown}. */
  public String urn() {
    return "urn:recall:" + name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** This failure, with what happened this time. */
  public FailureException because(String detail) {
    return new FailureException(this, detail);
  }

  /** Nobody serves an address. */
  static FailureException unserved(String address) {
    return NO_SERVER.because("no node serves " + address);
  }

  /** The failure with this code; a code not in the table is {@link #INTERNAL}. */
  public static Failure of(int code) {
    return BY_CODE.getOrDefault(code, INTERNAL);
  }
}
