package dev.recall.redis;

import dev.recall.bus.FailureException;
import io.vertx.core.Promise;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.List;

/** Commands that belong together, and the promise of their replies, error replies among them. */
record Unit(Kind kind, List<Request> commands, Promise<List<Response>> replies) {

  /** How commands may be sent. */
  enum Kind {
    /** They may be sent twice: they change nothing, or the same again. */
    READ,
    /** Redis executes them together, once; if some fail, the others still take effect. */
    WRITE,
    /**
     * The same, but a Redis without memory left, which takes no transaction, is sent them one by
     * one: they remove, or only change how long something lives.
     */
    REMOVE
  }

  void settle(List<Response> received) {
    replies.tryComplete(received);
  }

  void fail(FailureException failure) {
    replies.tryFail(failure);
  }
}
