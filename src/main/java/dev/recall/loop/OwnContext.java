package dev.recall.loop;

import io.netty.channel.EventLoop;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;

/**
 * The context of an event loop, with what Vert.x offers of it to itself alone. A promise of a
 * context is told on its event loop, and so are its timeouts.
 */
public final class OwnContext {

  private final ContextInternal context;

  private OwnContext(ContextInternal context) {
    this.context = context;
  }

  /** That of a verticle. */
  public static OwnContext of(Context context) {
    return new OwnContext((ContextInternal) context);
  }

  /** The one whose turn it is, or a new one. */
  public static OwnContext current(Vertx vertx) {
    return new OwnContext(((VertxInternal) vertx).getOrCreateContext());
  }

  /** A promise of the context whose turn it is. */
  public static <T> Promise<T> promise(Vertx vertx) {
    return ((VertxInternal) vertx).promise();
  }

  /** The same; outside of all contexts, a promise of none. */
  public static <T> Promise<T> promiseOrLoose() {
    ContextInternal current = ContextInternal.current();
    return current == null ? Promise.promise() : current.promise();
  }

  /** A promise of this context. */
  public <T> Promise<T> promise() {
    return context.promise();
  }

  /** One on the same event loop that belongs to no verticle, and outlives them all. */
  public OwnContext ofNoVerticle() {
    return new OwnContext(
        context
            .owner()
            .contextBuilder()
            .withThreadingModel(ThreadingModel.EVENT_LOOP)
            .withEventLoop(eventLoop())
            .build());
  }

  /** Its event loop. */
  public EventLoop eventLoop() {
    return context.nettyEventLoop();
  }

  /** Whose it is. */
  public Vertx vertx() {
    return context.owner();
  }

  /** Does something in a turn of its own. */
  public void run(Runnable action) {
    context.runOnContext(turn -> action.run());
  }

  /** Does something now where it is its turn, else in a turn of its own. */
  public void runNow(Runnable action) {
    context.emit(turn -> action.run());
  }

  /**
   * Does something in so many milliseconds, 1 or more.
   *
   * @return for {@link #cancel}
   */
  public long later(long milliseconds, Handler<Long> action) {
    return context.setTimer(milliseconds, action);
  }

  /** Takes back what was to be done later. */
  public void cancel(long timer) {
    context.owner().cancelTimer(timer);
  }
}
