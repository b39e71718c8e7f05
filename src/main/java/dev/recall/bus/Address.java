package dev.recall.bus;

/**
 * One service on the event bus: its name, who can reach it and how its messages are carried.
 *
 * @param name unique on the bus
 * @param local whether it serves only the verticles of this process, with immutable records passed
 *     as they are; else every application in the cluster, with JSON. Never both: a sender must know
 *     where to look.
 * @param request how a request is carried
 * @param reply how a reply is carried
 */
public record Address<Q, R>(String name, boolean local, Form<Q> request, Form<R> reply) {

  /**
   * The name of a local service where the verticle that serves it runs on the event loop whose
   * thread asks: a request that need not change its loop costs less.
   */
  String onThisLoop() {
    return name + "#" + Thread.currentThread().getName();
  }

  static <Q, R> Address<Q, R> local(String name) {
    return new Address<>(name, true, Form.itself(), Form.itself());
  }

  static <Q, R> Address<Q, R> cluster(String name, Form<Q> request, Form<R> reply) {
    return new Address<>(name, false, request, reply);
  }
}
