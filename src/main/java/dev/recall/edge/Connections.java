package dev.recall.edge;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The connections of one event loop and port, in the order in which they last did what they owe:
 * connect, send a request, take an answer. The first of them is the first to go. Used on its loop
 * alone.
 */
final class Connections {

  /** How often deadlines are looked at; the clock of this class is as coarse. */
  static final Duration SWEEP = Duration.ofMillis(500);

  private static final float LOAD_FACTOR = 0.75f;

  private final Edge edge;
  private final Map<Peer, Peer> byProgress = new LinkedHashMap<>(64, LOAD_FACTOR, true);
  private long nowMillis;

  Connections(Edge edge) {
    this.edge = edge;
    nowMillis = edge.nowMillis();
  }

  Edge edge() {
    return edge;
  }

  /** The time of the last sweep. */
  long nowMillis() {
    return nowMillis;
  }

  void add(Peer peer) {
    byProgress.put(peer, peer);
    edge.opened(1);
  }

  void progress(Peer peer) {
    byProgress.get(peer);
  }

  boolean remove(Peer peer) {
    boolean removed = byProgress.remove(peer) != null;
    if (removed) {
      edge.opened(-1);
    }
    return removed;
  }

  /**
   * Cuts the one that has owed longest.
   *
   * @param not stays
   * @return whether there is one
   */
  boolean shed(Cut cause, Peer not, Predicate<Peer> those) {
    Peer longest = null;
    for (Peer peer : byProgress.keySet()) {
      if (peer != not && those.test(peer)) {
        longest = peer;
        break;
      }
    }
    if (longest == null) {
      return false;
    }
    longest.cut(cause);
    return true;
  }

  /** Cuts whoever is past a deadline. */
  void sweep() {
    nowMillis = edge.nowMillis();
    // A copy: what is cut leaves the map.
    for (Peer peer : new ArrayList<>(byProgress.keySet())) {
      peer.sweep(nowMillis);
    }
  }
}
