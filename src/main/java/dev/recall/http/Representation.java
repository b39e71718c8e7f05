package dev.recall.http;

import dev.recall.failure.Failure;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.MIMEHeader;
import io.vertx.ext.web.RoutingContext;

/** The two forms in which a result is offered, and which of them a caller prefers (RFC 9110). */
enum Representation {
  /** The default: result, input and source. */
  JSON("application", "json"),
  /** The bare result. */
  TEXT("text", "plain");

  private final String type;
  private final String subtype;

  Representation(String type, String subtype) {
    this.type = type;
    this.subtype = subtype;
  }

  /**
   * The first of the accepted forms, in the caller's order of preference.
   *
   * @throws dev.recall.failure.FailureException {@link Failure#NOT_ACCEPTABLE} where it is neither
   */
  static Representation preferred(RoutingContext context) {
    String accept = context.request().getHeader(HttpHeaders.ACCEPT);
    if (accept == null || accept.isBlank() || accept.equals("*/*")) {
      return JSON;
    }
    for (MIMEHeader range : context.parsedHeaders().accept()) {
      for (Representation offered : values()) {
        if (range.weight() > 0 && offered.isIn(range)) {
          return offered;
        }
      }
    }
    throw Failure.NOT_ACCEPTABLE.because("there are application/json and text/plain");
  }

  private boolean isIn(MIMEHeader range) {
    return isOrAny(range.component(), type) && isOrAny(range.subComponent(), subtype);
  }

  private static boolean isOrAny(String accepted, String offered) {
    return accepted.equals("*") || accepted.equalsIgnoreCase(offered);
  }
}
