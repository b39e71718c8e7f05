package dev.recall.edge;

import java.time.Duration;

/**
 * How long a peer may let a node wait, and a node a peer. What is past it is cut, within half a
 * second.
 *
 * @param idle for the next request of a connection: that of most proxies
 * @param header for the rest of a header that has begun: every sensible client sends it at once
 * @param grace for the first bytes of a body, and for any progress of an answer: longer than a
 *     mobile network is gone in a tunnel of some hundred metres
 * @param bodyPace least bytes of a body per second, on top of the grace
 * @param answerPace least bytes of an answer that are taken per second, on top of the grace
 * @param request for the answer to begin: longer than any wait that a route offers
 * @param linger for a peer to read an answer that came before its body had ended
 */
public record Deadlines(
    Duration idle,
    Duration header,
    Duration grace,
    int bodyPace,
    int answerPace,
    Duration request,
    Duration linger) {

  /** Those of a node. */
  public static final Deadlines DEFAULT =
      new Deadlines(
          Duration.ofSeconds(60),
          Duration.ofSeconds(10),
          Duration.ofSeconds(10),
          4_096,
          8_192,
          Duration.ofSeconds(90),
          Duration.ofSeconds(2));
}
