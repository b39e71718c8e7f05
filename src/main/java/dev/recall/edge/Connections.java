package dev.recall.edge;

import dev.recall.failure.Bugs;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections of one event loop and port, in the order in which they last did what they owe:
 * connect, send a request, take an answer. The first of them is the first to go. Used on its loop
 * alone.
 */
final class Connections {

  /** How often deadlines are looked at; the clock of this class is as coarse. */
  static final Duration SWEEP = Duration.ofMillis(500);

  /** How many of those that have sent more than is served at once are served in a turn. */
  private static final int FED_A_TURN = 8;

  private static final Logger LOG = LoggerFactory.getLogger(Connections.class);

  private static final float LOAD_FACTOR = 0.75f;

  private final Edge edge;
  private final Map<Peer, Peer> byProgress = new LinkedHashMap<>(64, LOAD_FACTOR, true);
  private final Set<Peer> stuck = new LinkedHashSet<>();
  private final Set<Exchange> bodies = new LinkedHashSet<>();
  private final Set<Exchange> answers = new LinkedHashSet<>();
  private final Set<Connection> toFeed = new LinkedHashSet<>();
  private boolean feeds;
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

  /** Its peer has sent more than is served at once: the others first, and what comes meanwhile. */
  void feedLater(Connection connection, EventExecutor loop) {
    toFeed.add(connection);
    if (!feeds) {
      feeds = true;
      feedInTurn(loop);
    }
  }

  // By the timer, after the sockets: a task that is not timed is run before they are looked at.
  private void feedInTurn(EventExecutor loop) {
    Future<?> unused = loop.schedule(() -> feed(loop), 0, TimeUnit.NANOSECONDS);
  }

  private void feed(EventExecutor loop) {
    try {
      for (int i = Math.min(FED_A_TURN, toFeed.size()); i > 0 && !toFeed.isEmpty(); i--) {
        Connection next = toFeed.iterator().next();
        toFeed.remove(next);
        feed(next);
      }
    } finally {
      feeds = !toFeed.isEmpty();
      if (feeds) {
        feedInTurn(loop);
      }
    }
  }

  private static void feed(Connection next) {
    try {
      next.feedInTurn();
    } catch (RuntimeException bug) {
      Bugs.tell(LOG, "Serving a connection", bug);
      next.close();
    }
  }

  /** It is not served any more. */
  void feedNoMore(Connection connection) {
    toFeed.remove(connection);
  }

  /** Peers that take no more, the longest first. */
  Set<Peer> stuck() {
    return stuck;
  }

  /** Exchanges whose body is read, the longest first. */
  Set<Exchange> bodies() {
    return bodies;
  }

  /** Exchanges with a large answer that is not taken yet, the longest first. */
  Set<Exchange> answers() {
    return answers;
  }

  /** Cuts the peer that has owed longest, but for one; whether there is another. */
  boolean shed(Peer not) {
    return cut(Cut.CONNECTIONS, not, byProgress.keySet(), peer -> peer, Peer::isOwing);
  }

  /** Cuts the peer whose socket takes no more for longest. */
  boolean shedStuck(Peer not) {
    return cut(Cut.ANSWERS, not, stuck, peer -> peer, peer -> true);
  }

  /** Cuts the peer whose body has been read for longest. */
  boolean shedBody(Peer not) {
    return cut(Cut.BODIES, not, bodies, Exchange::peer, peer -> true);
  }

  /** Cuts the peer that has taken nothing of a large answer for longest, and for a while. */
  boolean shedAnswer(Peer not) {
    return cut(Cut.ANSWERS, not, answers, Exchange::peer, Peer::isStalled);
  }

  private static <T> boolean cut(
      Cut cause, Peer not, Set<T> longestFirst, Function<T, Peer> peerOf, Predicate<Peer> those) {
    for (T each : longestFirst) {
      Peer peer = peerOf.apply(each);
      if (peer != not && !peer.isGone() && those.test(peer)) {
        peer.cut(cause); // which takes it out of the set: no further step is made
        return true;
      }
    }
    return false;
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
