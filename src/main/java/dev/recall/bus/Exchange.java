package dev.recall.bus;

import io.vertx.core.Promise;

/**
 * A request to a verticle of this process, with the promise of its reply: cheaper than a reply that
 * is a message of its own, with an address, a registration and a timer. Equal only to itself.
 */
final class Exchange<Q, R> {

  private final Q request;
  private final Promise<R> reply;
  private final long begun;
  private final String trace;

  Exchange(Q request, Promise<R> reply, long begun, String trace) {
    this.request = request;
    this.reply = reply;
    this.begun = begun;
    this.trace = trace;
  }

  Q request() {
    return request;
  }

  Promise<R> reply() {
    return reply;
  }

  /** When the request was made, in nanoseconds of some clock. */
  long begun() {
    return begun;
  }

  /** The {@link dev.recall.loop.Trace} of whoever made it. */
  String trace() {
    return trace;
  }
}
