package dev.recall.state;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Who waits for which lock on this node, in the order in which they came: only the first of each
 * queue asks Redis. Shared by all event loops of a node.
 */
final class LockQueues {

  private final VertxInternal vertx;
  private final Map<String, Deque<Place>> byName = new HashMap<>();

  LockQueues(Vertx vertx) {
    this.vertx = (VertxInternal) vertx;
  }

  /** The last place of a queue, for the verticle whose context is current; to be left. */
  synchronized Place join(String name) {
    Place place = new Place(name, vertx.promise());
    Deque<Place> queue = byName.computeIfAbsent(name, first -> new ArrayDeque<>());
    queue.add(place);
    if (queue.size() == 1) {
      place.first.complete();
    }
    return place;
  }

  private synchronized void leave(Place place) {
    Deque<Place> queue = byName.get(place.name);
    if (queue == null || !queue.remove(place)) {
      return;
    }
    if (queue.isEmpty()) {
      byName.remove(place.name);
    } else {
      queue.element().first.tryComplete(); // on the context of whoever it is
    }
  }

  /** One who waits. */
  final class Place {

    private final String name;
    private final Promise<Void> first;

    private Place(String name, Promise<Void> first) {
      this.name = name;
      this.first = first;
    }

    /** Whether this is the first place. */
    boolean isFirst() {
      return first.future().isComplete();
    }

    /** Completed when this is the first place, or failed when the time is over. */
    Future<Void> first(long atMostMs) {
      return first.future().timeout(Math.max(1, atMostMs), TimeUnit.MILLISECONDS);
    }

    /** Waits no more. */
    void leave() {
      LockQueues.this.leave(this);
    }
  }
}
