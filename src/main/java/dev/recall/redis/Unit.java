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
    /** They change nothing and may therefore be sent twice. */
    READ,
    /**
     * They remove, and may be sent twice, too; each takes effect for itself, even in a Redis
     * without memory left, which takes no transaction.
     */
    REMOVE,
    /** Redis executes them together; if some fail, the others still take effect. */
    WRITE
  }

  void settle(List<Response> received) {
    replies.tryComplete(received);
  }

  void fail(FailureException failure) {
    replies.tryFail(failure);
  }
}
