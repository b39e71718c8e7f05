package dev.recall.redis;

import dev.recall.bus.FailureException;
import io.vertx.core.Promise;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.List;

/**
 * Commands that belong together, and the promise of their replies, error replies among them.
 *
 * @param changes whether they change anything
 */
record Unit(List<Request> commands, boolean changes, Promise<List<Response>> replies) {

  void settle(List<Response> received) {
    replies.tryComplete(received);
  }

  void fail(FailureException failure) {
    replies.tryFail(failure);
  }
}
