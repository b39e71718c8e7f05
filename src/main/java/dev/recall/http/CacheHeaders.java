package dev.recall.http;

import dev.recall.api.CacheApi.Result;
import dev.recall.api.CacheStatus;
import dev.recall.http.kit.Conditions;
import dev.recall.http.kit.Resource;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;

/**
 * What HTTP tells of a result that may be cached: {@code Cache-Status} (RFC 9211), {@code Age} and
 * {@code Cache-Control} (RFC 9111), and a validator (RFC 9110).
 *
 * <p>The validator is weak: it stands for the result, which is the same on every node and at every
 * hit, while the bytes around it tell where it came from.
 */
final class CacheHeaders {

  private static final CharSequence CACHE_STATUS = HttpHeaders.createOptimized("cache-status");
  private static final CharSequence ACCEPT = HttpHeaders.createOptimized("accept");
  private static final int NOT_MODIFIED = 304;

  private CacheHeaders() {}

  /**
   * Puts the headers, and answers 304 where the caller has this result.
   *
   * @return whether it was answered
   */
  static boolean answered(RoutingContext context, Result result, Representation wanted) {
    context.response().putHeader(HttpHeaders.VARY, ACCEPT);
    return answered(context, result, wanted == Representation.TEXT ? "-text" : "");
  }

  /** The same, of the bare result, which is offered in one form. */
  static boolean answered(RoutingContext context, Result result) {
    return answered(context, result, "-bare");
  }

  private static boolean answered(RoutingContext context, Result result, String form) {
    CacheStatus status = result.status();
    String tag = "W/\"" + result.tag() + form + "\"";
    MultiMap headers = context.response().headers();
    headers.add(CACHE_STATUS, cacheStatus(status));
    headers.add(HttpHeaders.AGE, Long.toString(seconds(status.ageMs())));
    headers.add(HttpHeaders.CACHE_CONTROL, "max-age=" + Math.max(0, seconds(status.ttlMs())));
    headers.add(HttpHeaders.ETAG, tag);
    if (!Conditions.isKnown(context, tag)) {
      return false;
    }
    Resource.sendNothing(context, NOT_MODIFIED);
    return true;
  }

  /** One member for each level that was asked, the one nearest to the origin first. */
  static String cacheStatus(CacheStatus status) {
    long ttl = seconds(status.ttlMs());
    String near = ", recall-near; fwd=" + (status.degraded() ? "bypass; detail=degraded" : "miss");
    return switch (status.level()) {
      case NEAR -> "recall-near; hit; ttl=" + ttl;
      case REDIS -> "recall-redis; hit; ttl=" + ttl + near + (status.stored() ? "; stored" : "");
      case STALE -> "recall-redis; hit; ttl=" + ttl + "; detail=stale" + near;
      case COMPUTED ->
          "recall-redis; fwd=miss"
              + (status.stored() ? "; stored" : "")
              + (status.collapsed() ? "; collapsed" : "")
              + (status.degraded() && !status.stored() ? "; detail=degraded" : "")
              + near;
    };
  }

  private static long seconds(long milliseconds) {
    return Math.floorDiv(milliseconds, 1000L);
  }
}
