package dev.recall.redis.link;

import dev.recall.config.Deadlines;
import dev.recall.failure.Failure;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.redis.client.ProtocolVersion;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Redis this node talks to, as all its connections see it: where it is, and whether it is
 * believed to be up. Thread-safe.
 */
public final class RedisServer {

  private static final Logger LOG = LoggerFactory.getLogger(RedisServer.class);
  private static final int MAX_PENDING_REPLIES = 1 << 16;

  /** Shorter than the wait for state, so that who asks again has a chance. */
  private static final Duration OPEN = Duration.ofMillis(400);

  private final Supplier<String> url;
  private final Deadlines deadlines;

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

  private final Connections connections = new Connections(this);
  private final Refusals refusals;
  private final LongSupplier nanoTime;
  private final RandomGenerator random;
  private final Proof proof;
  private final Eviction eviction;
  private final Notice away;
  private volatile long answered;
  private volatile String lastFailure = "";

  /**
   * A server that nothing is known of yet.
   *
   * @param url asked before every attempt to connect, since a bundled server may move
   * @param nanoTime as {@link System#nanoTime()}
   * @param wallMillis as {@link System#currentTimeMillis()}
   * @param random spreads attempts to connect; thread-safe, or whose races do no harm
   */
  public RedisServer(
      Supplier<String> url,
      Deadlines deadlines,
      LongSupplier nanoTime,
      LongSupplier wallMillis,
      RandomGenerator random,
      MeterRegistry registry) {
    this.url = url;
    this.deadlines = deadlines;
    this.nanoTime = nanoTime;
    this.random = random;
    proof = new Proof(nanoTime, wallMillis);
    eviction = new Eviction(nanoTime);
    away = new Notice(LOG, nanoTime);
    answered = nanoTime.getAsLong();
    refusals = new Refusals(nanoTime, registry);
    RedisMeters.show(registry, this);
  }

  /** What is believed of the server: the state of the circuit breaker. */
  public enum BreakerState {
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

  /** As {@link System#nanoTime()}. */
  long nanoTime() {
    return nanoTime.getAsLong();
  }

  /** A notice in a log, by the same clock. */
  Notice notice(Logger log) {
    return new Notice(log, nanoTime);
  }

  /** What spreads attempts to connect. */
  RandomGenerator random() {
    return random;
  }

  Deadlines deadlines() {
    return deadlines;
  }

  /** What is believed of the server now. */
  public BreakerState belief() {
    return BreakerState.valueOf(breaker.getState().name());
  }

  /** Whether commands are sent at all; where not, they are refused at once. */
  public boolean isBelievedUp() {
    return breaker.getState() == CircuitBreaker.State.CLOSED;
  }

  /** Why they are refused, for callers. */
  String whyNot() {
    return RedisErrors.meaningOr(lastFailure, "Redis has not answered; it is tried again shortly");
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
    away.end("Connected to Redis again");
    answered(nanos);
    if (!isBelievedUp()) {
      breaker.transitionToClosedState();
    }
  }

  /**
   * A turn was answered.
   *
   * @param nanos after so long
   */
  void answered(long nanos) {
    answered = nanoTime();
    breaker.onSuccess(nanos, TimeUnit.NANOSECONDS);
  }

  /** An attempt to connect failed: a fact about the server only while no connection is up. */
  void failedToConnect(String reason) {
    if (connections.isAnyUp()) {
      breaker.releasePermission();
    } else {
      fail(reason);
    }
  }

  /**
   * What was sent was not answered: a fact about the server only if it answered nobody since.
   *
   * @param begun when it was sent
   */
  void missedDeadline(long begun, String reason) {
    if (answered - begun <= 0) {
      fail(reason);
    }
  }

  private void fail(String reason) {
    lastFailure = reason;
    breaker.onError(0, TimeUnit.NANOSECONDS, Failure.REDIS_UNAVAILABLE.because(reason));
  }

  /** Nobody can connect. */
  void noticeAway(String reason) {
    away.begin("No connection to Redis, trying on: " + reason);
  }

  boolean isAnyUp() {
    return connections.isAnyUp();
  }

  Connections connections() {
    return connections;
  }

  Refusals refusals() {
    return refusals;
  }

  Eviction eviction() {
    return eviction;
  }

  /** Whether every change of a key is heard of, which whoever answers from memory must ask. */
  public Proof proof() {
    return proof;
  }

  /**
   * What is wrong though the server answers.
   *
   * @param name a word for programs
   * @param why a line for people
   */
  public record Trouble(String name, String why) {}

  /** What it refuses to do, in a line, if anything. */
  public Optional<String> refused() {
    return refusals.summary();
  }

  /** Everything that is. */
  public List<Trouble> troubles() {
    List<Trouble> all = new ArrayList<>();
    refused().ifPresent(why -> all.add(new Trouble("redis-refusals", why)));
    if (!proof.isHeard()) {
      all.add(
          new Trouble(
              "redis-changes",
              "changes of keys go unheard: no near copies, and who waits for a lock polls"));
    }
    if (eviction.isOn()) {
      all.add(new Trouble("redis-eviction", eviction.summary()));
    }
    return all;
  }

  Address address() {
    return Address.of(url.get());
  }

  /**
   * A client for one connection: closing the client is the only public way to close a connection,
   * which would else go back to a pool with its late replies.
   *
   * @param negotiates whether it begins with HELLO
   */
  Redis newClient(Vertx vertx, Address address, boolean negotiates) {
    return Redis.createClient(
        vertx,
        new RedisOptions()
            .setConnectionString(negotiates ? url.get() : address.server())
            .setProtocolNegotiation(negotiates)
            .setPreferredProtocolVersion(ProtocolVersion.RESP2)
            .setMaxPoolSize(1)
            .setPoolCleanerInterval(-1)
            .setMaxWaitingHandlers(MAX_PENDING_REPLIES)
            .setNetClientOptions(
                new NetClientOptions()
                    .setConnectTimeout((int) deadlines.redisConnect().toMillis())
                    .setTcpNoDelay(true)
                    .setTcpKeepAlive(true)
                    .setHostnameVerificationAlgorithm("HTTPS")));
  }
}
