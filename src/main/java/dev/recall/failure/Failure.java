package dev.recall.failure;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
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
  /** The caller has no token, or one that nobody gave out. */
  UNAUTHORIZED(40100, "Unauthorized"),
  /** The caller's token does not have the scope for this. */
  FORBIDDEN(40300, "Forbidden"),
  /** A page of another site had a browser send this; it was not done. */
  CROSS_SITE(40301, "Cross-site request"),
  /** No route has this path. */
  NO_SUCH_ROUTE(40400, "Not found"),
  /** No computation has this name. */
  NO_SUCH_COMPUTATION(40401, "No such computation"),
  /** No namespace of documents has this name. */
  NO_SUCH_NAMESPACE(40402, "No such namespace"),
  /** No document has this key: it never had one, it has expired, or it was deleted. */
  NO_SUCH_DOCUMENT(40403, "No such document"),
  /** No rate limit has this name. */
  NO_SUCH_RATE_LIMIT(40404, "No such rate limit"),
  /** Its maker says that there is no such result, or nobody has made it. */
  NO_SUCH_RESULT(40405, "No such result"),
  /** The path exists, the verb does not; the Allow header lists those that do. */
  METHOD_NOT_ALLOWED(40500, "Method not allowed"),
  /** None of the representations offered is among those accepted. */
  NOT_ACCEPTABLE(40600, "Not acceptable"),
  /** The key holds something of another type; it was left as it was. */
  WRONG_TYPE(40900, "Wrong type"),
  /** The counter would leave the range of 64 bits; it was left as it was. */
  COUNTER_OVERFLOW(40901, "Counter overflow"),
  /** Somebody else has the lock. */
  LOCK_HELD(40902, "Lock held"),
  /** What is kept there is no document, since another program has written it; it was left. */
  CORRUPT_DOCUMENT(40903, "Corrupt document"),
  /** The computation has this name, and cannot be changed here. */
  DEFINED_ELSEWHERE(40904, "Defined elsewhere"),
  /** Somebody else computes this result. */
  LEASE_HELD(40905, "Lease held"),
  /** The results of this computation are not made by its callers. */
  NOT_BY_CALLERS(40906, "Not made by callers"),
  /** The document is not, or no longer, of the version that the caller has seen. */
  STALE_VERSION(41200, "Stale version"),
  /** The lock is no longer, or never was, held with this token. */
  LOCK_LOST(41201, "Lock lost"),
  /** A newer holder of the lock has written already, or nobody was ever given this fence. */
  STALE_FENCE(41202, "Stale fence"),
  /** The lease is no longer, or never was, held with this token. */
  LEASE_LOST(41203, "Lease lost"),
  /** The body is longer than the limit. */
  BODY_TOO_LARGE(41300, "Body too large"),
  /** The request line is longer than the limit. */
  URI_TOO_LONG(41400, "URI too long"),
  /** The body is of a type that this path does not read. */
  UNSUPPORTED_MEDIA_TYPE(41500, "Unsupported media type"),
  /** The request is addressed to a name that this node is not called by. */
  MISDIRECTED(42100, "Misdirected request"),
  /** A value is well-formed but not allowed. */
  INVALID(42200, "Invalid value"),
  /** The idempotency key has been used for another request. */
  IDEMPOTENCY_KEY_REUSED(42201, "Idempotency key reused"),
  /** The request must say which version it is for. */
  PRECONDITION_REQUIRED(42800, "Precondition required"),
  /** The caller asks more often than a rate limit allows. */
  RATE_LIMITED(42900, "Too many requests"),
  /** The header block is longer than the limit. */
  HEADERS_TOO_LARGE(43100, "Headers too large"),
  /** A bug. */
  INTERNAL(50000, "Internal error"),
  /**
   * The result is longer than this node can hold. Not the caller's fault, nor of the moment: what
   * makes the result answers what cannot be passed on.
   */
  RESULT_TOO_LARGE(50200, "Result too large"),
  /** Whoever makes the result has failed, or answered what was not agreed. */
  ORIGIN_FAILED(50201, "Origin failed"),
  /** Redis cannot be reached or refuses to serve; nothing was changed. */
  REDIS_UNAVAILABLE(50300, "Redis is unavailable"),
  /** Redis was lost before it answered a write: it may have happened or not. */
  OUTCOME_UNKNOWN(50301, "Outcome unknown"),
  /** Too much is waiting already; nothing was done. */
  OVERLOADED(50302, "Overloaded"),
  /** No node serves this address now. */
  NO_SERVER(50303, "No server"),
  /** Whoever makes the result asks for patience. */
  TRY_LATER(50304, "Try later"),
  /** Several makers have died of this input, or ran out of time. */
  POISONED(50305, "Poisoned input"),
  /** No answer within the deadline. */
  TIMED_OUT(50400, "Timed out");

  private static final Map<Integer, Failure> BY_CODE =
      Arrays.stream(values()).collect(Collectors.toMap(Failure::code, Function.identity()));

  private static final Map<String, Failure> BY_URN =
      Arrays.stream(values()).collect(Collectors.toMap(Failure::urn, Function.identity()));

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
  public static FailureException unserved(String address) {
    return NO_SERVER.because("no node serves " + address);
  }

  /** The failure with this code; a code not in the table is {@link #INTERNAL}. */
  public static Failure of(int code) {
    return BY_CODE.getOrDefault(code, INTERNAL);
  }

  /** The failure with this {@link #urn}; empty where the table has none. */
  public static Optional<Failure> of(String urn) {
    return Optional.ofNullable(BY_URN.get(urn));
  }
}
