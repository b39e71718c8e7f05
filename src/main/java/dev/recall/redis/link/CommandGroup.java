package dev.recall.redis.link;

import dev.recall.failure.Failure;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.List;

/** Commands that belong together, and the promise of their replies, error replies among them. */
public final class CommandGroup {

  private final Kind kind;
  private final List<Request> commands;
  private final Promise<List<Response>> replies;
  private final Refusals refusals;
  private boolean mayBeSentAgain;

  /** How commands may be sent. */
  public enum Kind {
    /** They may be sent twice: they change nothing, or the same again. */
    READ,
    /** Redis executes them together, once; if some fail, the others still take effect. */
    WRITE,
    /**
     * The same, but a Redis without memory left, which takes no transaction, is sent it by itself:
     * it removes, or only changes how long something lives.
     */
    NEEDS_NO_MEMORY
  }

  CommandGroup(
      Kind kind, List<Request> commands, Promise<List<Response>> replies, Refusals refusals) {
    this.kind = kind;
    this.commands = commands;
    this.replies = replies;
    this.refusals = refusals;
    mayBeSentAgain = kind == Kind.READ;
  }

  Kind kind() {
    return kind;
  }

  List<Request> commands() {
    return commands;
  }

  Future<List<Response>> replies() {
    return replies.future();
  }

  /** It proves the connection it is sent on, so that no other will do. */
  CommandGroup only() {
    mayBeSentAgain = false;
    return this;
  }

  /** Whether it may go over another connection, now that the one it was sent on is lost; once. */
  boolean sendAgain() {
    boolean may = mayBeSentAgain;
    mayBeSentAgain = false;
    return may;
  }

  void settle(List<Response> received) {
    replies.tryComplete(refusals.noted(commands, received));
  }

  /**
   * Fails it, unless it is settled.
   *
   * @param sent whether Redis may have got it
   */
  void fail(boolean sent, String reason) {
    Failure failure =
        sent && kind != Kind.READ ? Failure.OUTCOME_UNKNOWN : Failure.REDIS_UNAVAILABLE;
    replies.tryFail(failure.because(reason));
  }

  boolean isSettled() {
    return replies.future().isComplete();
  }
}
