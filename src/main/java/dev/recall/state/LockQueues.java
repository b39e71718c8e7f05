package dev.recall.state;

import dev.recall.failure.Failure;
import dev.recall.loop.OwnContext;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Who waits for which lock on this node, in the order in which they came: only the first of each
 * queue asks Redis. There are so many at most, and half as many for one lock. Shared by all event
 * loops of a node.
 */
final class LockQueues {

  private final Vertx vertx;
  private final int most;
  private final Map<String, Deque<Place>> byName = new HashMap<>();
  private int size;
  private boolean closed;

  /**
   * Queues that are empty.
   *
   * @param most places in all of them, 2 or more
   */
  LockQueues(Vertx vertx, int most) {
    this.vertx = vertx;
    this.most = most;
  }

  /**
   * The last place of a queue, for the verticle whose context is current; to be left.
   *
   * @throws dev.recall.failure.FailureException {@link Failure#OVERLOADED} where there is none
   */
  synchronized Place join(String name) {
    Deque<Place> queue = byName.get(name);
    if (size >= most || (queue != null && queue.size() >= most / 2)) {
      throw Failure.OVERLOADED.because("too many are waiting for locks");
    }
    if (queue == null) {
      queue = new ArrayDeque<>();
      byName.put(name, queue);
    }
    Place place = new Place(name);
    queue.add(place);
    size++;
    if (queue.size() == 1) {
      place.first.complete();
    } else if (closed) {
      place.stopWaiting();
    }
    return place;
  }

  /** How many there are in all queues. */
  synchronized int size() {
    return size;
  }

  /** Nobody waits from now on: who is not first is told that the time is over. */
  void close() {
    List<Place> waiting = new ArrayList<>();
    synchronized (this) {
      closed = true;
      byName.values().forEach(queue -> queue.stream().skip(1).forEach(waiting::add));
    }
    waiting.forEach(Place::stopWaiting);
  }

  /** Whether nobody waits any more. */
  synchronized boolean isClosed() {
    return closed;
  }

  private synchronized void leave(Place place) {
    Deque<Place> queue = byName.get(place.name);
    if (queue == null) {
      return;
    }
    Place first = queue.element();
    if (queue.remove(place)) {
      size--;
    }
    if (queue.isEmpty()) {
      byName.remove(place.name);
    } else if (queue.element() != first) {
      queue.element().becomeFirst();
    }
  }

  /** One who waits. */
  final class Place {

    private final String name;
    private final OwnContext context = OwnContext.current(vertx);
    private final Promise<Void> first = context.promise();

    private Place(String name) {
      this.name = name;
    }

    // In a turn of its own, or a long queue that is refused would be one deep stack of calls.
    private void becomeFirst() {
      context.run(() -> first.tryComplete());
    }

    private void stopWaiting() {
      context.run(() -> first.tryFail("this node is stopping"));
    }

    /** Whether this is the first place. */
    boolean isFirst() {
      return first.future().succeeded();
    }

    /**
     * Completed when this is the first place, or failed when the time is over, or the node stops.
     */
    Future<Void> first(long atMostMs) {
      return first.future().timeout(Math.max(1, atMostMs), TimeUnit.MILLISECONDS);
    }

    /** Waits no more. */
    void leave() {
      LockQueues.this.leave(this);
    }

    /** The same, and whoever waits for the place to be the first is told that the time is over. */
    void giveUp() {
      leave();
      first.tryFail("nobody waits here any more");
    }
  }
}
