package dev.recall.http;

import dev.recall.bus.Failure;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;

/**
 * Reads the body of a request to its end before its route is asked, whatever the verb, and refuses
 * what is longer than allowed. No route wants a body yet, so none is kept. The router's own handler
 * parses forms, and fails on one that comes with a GET.
 */
final class BodyLimit implements Handler<RoutingContext> {

  private final int maxBytes;

  BodyLimit(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  @Override
  public void handle(RoutingContext context) {
    if (mayHaveBody(context.request())) {
      new Reading(context).begin();
    } else {
      context.next();
    }
  }

  private static boolean mayHaveBody(HttpServerRequest request) {
    return request.version() == HttpVersion.HTTP_2
        || request.headers().contains(HttpHeaders.CONTENT_LENGTH)
        || request.headers().contains(HttpHeaders.TRANSFER_ENCODING);
  }

  /** One body on its way. */
  private final class Reading {

    private final RoutingContext context;
    private long bytes;
    private boolean answered;

    Reading(RoutingContext context) {
      this.context = context;
    }

    void begin() {
      HttpServerRequest request = context.request();
      if (request.isEnded()) {
        context.next();
        return;
      }
      request.handler(this::count);
      request.exceptionHandler(broken -> refuse(Failure.MALFORMED, "the body cannot be read"));
      request.endHandler(end -> finish());
    }

    private void count(Buffer chunk) {
      bytes += chunk.length();
      if (bytes > maxBytes) {
        refuse(Failure.BODY_TOO_LARGE, "the body is longer than " + maxBytes + " bytes");
      }
    }

    private void refuse(Failure failure, String detail) {
      if (!answered) {
        answered = true;
        Problems.send(context, failure.because(detail));
      }
    }

    private void finish() {
      if (!answered) {
        answered = true;
        context.next();
      }
    }
  }
}
