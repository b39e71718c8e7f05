package dev.recall.http;

import dev.recall.bus.Failure;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;

/**
 * Reads the body of a request before its route is asked, whatever the verb, and never more of it
 * than is allowed. The router's own handler parses forms, and fails on one that comes with a GET.
 */
final class BodyReader implements Handler<RoutingContext> {

  private static final String KEY = BodyReader.class.getName();
  private static final Buffer NONE = Buffer.buffer();

  private final int maxBytes;

  BodyReader(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** The body that was read; empty where there is none. */
  static Buffer body(RoutingContext context) {
    return context.get(KEY, NONE);
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
    private final Buffer body = Buffer.buffer();
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
      request.handler(this::append);
      request.exceptionHandler(broken -> refuse(Failure.MALFORMED, "the body cannot be read"));
      request.endHandler(end -> finish());
    }

    private void append(Buffer chunk) {
      if (body.length() + chunk.length() > maxBytes) {
        refuse(Failure.BODY_TOO_LARGE, "the body is longer than " + maxBytes + " bytes");
      } else {
        body.appendBuffer(chunk);
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
        context.put(KEY, body);
        context.next();
      }
    }
  }
}
