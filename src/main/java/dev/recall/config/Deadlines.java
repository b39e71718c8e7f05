package dev.recall.config;

import java.time.Duration;

/**
 * Every wait of a node, each longer than those it contains: what is asked for may take so long, and
 * whoever asks waits a little longer, so that he hears why it failed. Their order is asserted by
 * the test of this class. An operator sets {@code compute.deadline}.
 *
 * @param redisTurn for the replies to all commands of one turn of an event loop
 * @param redisConnect for a connection to Redis to be made and greeted
 * @param state for a counter, document or rate limit: Redis, twice at worst
 * @param compute for one computation
 * @param httpDrain for requests in flight, when a port closes
 * @param peers what a node waits for at the other end of a connection
 */
public record Deadlines(
    Duration redisTurn,
    Duration redisConnect,
    Duration state,
    Duration compute,
    Duration httpDrain,
    Peers peers) {

  /** For a connection to an origin, within what its result may take. */
  public static final Duration ORIGIN_CONNECT = Duration.ofSeconds(2);

  /** For what a verticle has taken from the event bus, when it stops. */
  public static final Duration BUS_DRAIN = Duration.ofSeconds(5);

  /** For the bundled Redis to write what it holds and end. */
  public static final Duration REDIS_STOP = Duration.ofSeconds(10);

  /** For the whole node to stop, after which the process ends as it is. */
  public static final Duration STOP = Duration.ofSeconds(60);

  /** What a hop over the event bus may cost, and a timer may be late. */
  private static final Duration SLACK = Duration.ofMillis(500);

  /** Those of a node with this longest computation. */
  public static Deadlines of(Duration compute) {
    return new Deadlines(
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        compute,
        Duration.ofSeconds(20),
        Peers.PATIENT);
  }

  /** For a computation, whoever does it, seen from the cache. */
  public Duration computed() {
    return compute.plus(SLACK);
  }

  /** For the cache, seen from a route: Redis is asked before and after. */
  public Duration cached() {
    return computed().plus(SLACK).plus(SLACK);
  }

  /**
   * How long a peer may let a node wait, and a node a peer. What is past it is cut, within half a
   * second.
   *
   * @param linger for a peer to read an answer that came before its body had ended
   * @param header for the rest of a header that has begun: every sensible client sends it at once
   * @param grace for the first bytes of a body, and for any progress of an answer: longer than a
   *     mobile network is gone in a tunnel of some hundred metres
   * @param bodyPace least bytes of a body per second, on top of the grace
   * @param answerPace least bytes of an answer that are taken per second, on top of the grace
   * @param idle for the next request of a connection: that of most proxies
   * @param request for the answer to begin: longer than any wait that a route offers
   */
  public record Peers(
      Duration linger,
      Duration header,
      Duration grace,
      int bodyPace,
      int answerPace,
      Duration idle,
      Duration request) {

    private static final Peers PATIENT =
        new Peers(
            Duration.ofSeconds(2),
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            4_096,
            8_192,
            Duration.ofSeconds(60),
            Duration.ofSeconds(90));
  }
}
