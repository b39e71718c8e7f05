package dev.recall.testing;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;

/** What an answer says became of a request. */
public enum Verdict {
  /** It was done. */
  DONE,
  /** It was not done, since something stands against it. */
  REFUSED,
  /** It was not done, since Redis is away. */
  AWAY,
  /** It may have been done or not. */
  UNKNOWN;

  /** Fails on an answer that a caller cannot act on, like a 500. */
  public static Verdict of(HttpResponse<String> answer) {
    int status = answer.statusCode();
    if (status < 300) {
      return DONE;
    }
    return switch (type(answer)) {
      case "outcome-unknown", "timed-out" -> UNKNOWN;
      case "redis-unavailable", "no-server", "overloaded" -> AWAY;
      case "stale-version", "stale-fence", "no-such-document", "lock-held", "lock-lost" -> REFUSED;
      default -> throw new AssertionError(status + " " + answer.body());
    };
  }

  /** The name of the problem that an answer tells. */
  public static String type(HttpResponse<String> answer) {
    return new JsonObject(answer.body()).getString("type").replace("urn:recall:", "");
  }
}
