package dev.recall.bus;

import dev.recall.form.Form;

/**
 * A service that the verticles of a process and the applications of a cluster ask alike, each at an
 * {@link Address} of its own.
 *
 * @param local {@code recall.local.} and the name
 * @param cluster {@code recall.v1.} and the name
 */
public record Service<Q, R>(Address.Local<Q, R> local, Address.Cluster<Q, R> cluster) {

  /**
   * The service of a name.
   *
   * @param name like {@code counter.add}
   * @param request how a request crosses the cluster, and {@code reply} how its reply does
   */
  public static <Q, R> Service<Q, R> named(String name, Form<Q> request, Form<R> reply) {
    return new Service<>(
        new Address.Local<>("recall.local." + name),
        new Address.Cluster<>("recall.v1." + name, request, reply));
  }
}
