package dev.recall.bus;

import dev.recall.form.Form;

/**
 * One service on the event bus. It serves the verticles of this process or every application in the
 * cluster, never both: who asks must know where to look.
 */
public sealed interface Address<Q, R> {

  /** Unique on the bus. */
  String name();

  /** A service for this process, which gets immutable records as they are. */
  record Local<Q, R>(String name) implements Address<Q, R> {

    /**
     * The name where the verticle that serves it runs on the event loop whose thread asks: a
     * request that need not change its loop costs less.
     */
    String onThisLoop() {
      return name + "#" + Thread.currentThread().getName();
    }
  }

  /**
   * A service for the whole cluster, in JSON.
   *
   * @param request how a request is carried
   * @param reply how a reply is carried
   */
  record Cluster<Q, R>(String name, Form<Q> request, Form<R> reply) implements Address<Q, R> {}
}
