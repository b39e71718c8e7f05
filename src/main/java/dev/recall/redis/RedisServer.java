package dev.recall.redis;

import dev.recall.bus.Failure;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisOptions;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The Redis this node talks to, as all its connections see it: where it is, and whether it is
 * believed to be up. Thread-safe.
 */
public final class RedisServer {

  private static final int MAX_PENDING_REPLIES = 1 << 16;
  private static final Duration OPEN = Duration.ofMillis(400);

  private final Supplier<String> url;

  /**
   * Closed: commands are sent. Open: they are refused at once. Half-open: one connection probes.
   */
  private final CircuitBreaker breaker =
      CircuitBreaker.of(
          "redis",
          CircuitBreakerConfig.custom()
              .slidingWindowSize(6)
              .minimumNumberOfCalls(3)
              .failureRateThreshold(50)
              .waitDurationInOpenState(OPEN)
              .permittedNumberOfCallsInHalfOpenState(1)
              .build());

  /**
   * A server that nothing is known of yet.
   *
   * @param url asked before every attempt to connect, since a bundled server may move
   */
  public RedisServer(Supplier<String> url) {
    this.url = url;
  }

  /** What is believed of the server: the state of the circuit breaker. */
  public enum Belief {
    /** Commands are sent. */
    CLOSED,
    /** Commands are refused at once. */
    OPEN,
    /** Commands are refused, and one connection probes. */
    HALF_OPEN;

    /** The word for operators. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What is believed of the server now. */
  public Belief belief() {
    return Belief.valueOf(breaker.getState().name());
  }

  /** Whether commands are sent at all; where not, they are refused at once. */
  public boolean isBelievedUp() {
    return breaker.getState() == CircuitBreaker.State.CLOSED;
  }

  /** Whether a connection may be attempted; each permit ends in one of the outcomes below. */
  boolean permitsAttempt() {
    return breaker.tryAcquirePermission();
  }

  /**
   * A connection was made and greeted. It closes the breaker even if that opened only while the
   * attempt was under way, because nobody would attempt another one.
   */
  void greeted(long nanos) {
    answered(nanos);
    if (!isBelievedUp()) {
      breaker.transitionToClosedState();
    }
  }

  void answered(long nanos) {
    breaker.onSuccess(nanos, TimeUnit.NANOSECONDS);
  }

  void failedToAnswer(String reason) {
    breaker.onError(0, TimeUnit.NANOSECONDS, Failure.REDIS_UNAVAILABLE.because(reason));
  }

  /**
   * A client for one connection: closing the client is the only public way to close a connection,
   * which would else go back to a pool with its late replies.
   */
  Redis newClient(Vertx vertx) {
    return Redis.createClient(
        vertx,
        new RedisOptions()
            .setConnectionString(url.get())
            .setMaxPoolSize(1)
            .setPoolCleanerInterval(-1)
            .setMaxWaitingHandlers(MAX_PENDING_REPLIES)
            .setNetClientOptions(
                new NetClientOptions()
                    .setConnectTimeout((int) Connector.DEADLINE.toMillis())
                    .setTcpNoDelay(true)
                    .setTcpKeepAlive(true)
                    .setHostnameVerificationAlgorithm("HTTPS")));
  }
}
