package dev.recall.client;

import dev.recall.api.RateApi.Take;
import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Asks Recall, over the event bus of a cluster or over HTTP: results that are remembered, and state
 * that is shared. What fails does so, both ways, as a {@link FailureException} whose {@link
 * FailureException#failure} tells what happened: what a node refused with; {@link
 * Failure#NO_SERVER} where none could be asked; {@link Failure#TIMED_OUT} and {@link
 * Failure#OUTCOME_UNKNOWN} where none has answered, so that a change may have been made or not;
 * {@link Failure#OVERLOADED} where this client waits for too many answers; {@link
 * Failure#ORIGIN_FAILED} where something else than Recall answers.
 *
 * <p>Names are 1 to 256 bytes of UTF-8 without control characters; over HTTP a name cannot be
 * {@code .} or {@code ..}.
 *
 * <p>Thread-safe. What is held is renewed on the context that the client is made on, which must not
 * be blocked; where that is a verticle's, the client is closed when the verticle stops.
 */
public final class RecallClient {

  private final Context context;
  private final ClientOptions options;
  private final Transport transport;
  private final Asker asker;
  private final Holdings holdings = new Holdings();
  private final Locks locks;
  private final Memory memory;
  private final Supplier<String> instances;

  RecallClient(
      Vertx vertx,
      Transport transport,
      ClientOptions options,
      LongSupplier nanoTime,
      Supplier<String> instances) {
    this.context = vertx.getOrCreateContext();
    this.options = options;
    this.transport = transport;
    this.instances = instances;
    asker = new Asker(transport, options);
    locks = new Locks(context, asker, holdings, nanoTime);
    memory = new Memory(context, asker, holdings, nanoTime);
  }

  /** A client on the event bus, whose Vert.x has joined the cluster of the nodes. */
  public static RecallClient overBus(Vertx vertx) {
    return overBus(vertx, ClientOptions.DEFAULT);
  }

  /** The same, with options. */
  public static RecallClient overBus(Vertx vertx, ClientOptions options) {
    return of(vertx, new BusTransport(vertx, System::nanoTime), options);
  }

  /**
   * A client over HTTP.
   *
   * @param uri of a node, or of what stands before several, like {@code http://127.0.0.1:8080}
   * @throws IllegalArgumentException where it is not like that
   */
  public static RecallClient overHttp(Vertx vertx, URI uri) {
    return overHttp(vertx, uri, ClientOptions.DEFAULT);
  }

  /** The same, with options. */
  public static RecallClient overHttp(Vertx vertx, URI uri, ClientOptions options) {
    return of(vertx, new HttpTransport(vertx, uri, options.token()), options);
  }

  private static RecallClient of(Vertx vertx, Transport transport, ClientOptions options) {
    return new RecallClient(
        vertx, transport, options, System::nanoTime, () -> UUID.randomUUID().toString());
  }

  /** A result that callers make; see {@link #remember(Remembering, String, Supplier)}. */
  public Future<String> remember(String computation, String input, Supplier<Future<String>> make) {
    return remember(Remembering.of(computation), input, make);
  }

  /**
   * A result that is remembered, else made: of all who ask for it at once, in however many
   * processes, one makes it and the others wait for his. Where Recall is away or refuses, whoever
   * asks makes his own, which is told in the log once of each kind; after an answer that did not
   * come in time, Recall is not asked for as long again.
   *
   * @param make called where there is no result, once at most. What it fails with is its caller's;
   *     the next one makes the result. It can say {@link Failure#NO_SUCH_RESULT}, and {@link
   *     Failure#TRY_LATER}, with {@link FailureException#retryAfter}: so long that is the answer to
   *     everybody who asks, and {@code make} is not called
   * @return what it was made to be, or the failure of its maker
   */
  public Future<String> remember(Remembering what, String input, Supplier<Future<String>> make) {
    return memory.remember(what, input, make);
  }

  /** Results, whoever makes them. */
  public Results results() {
    return new Results(asker);
  }

  public Counters counters() {
    return new Counters(asker);
  }

  /** The documents of a namespace of the settings, like {@code session}. */
  public Documents documents(String namespace) {
    return new Documents(asker, namespace);
  }

  /**
   * Takes a lock, which is renewed until it is released.
   *
   * @param ttl after how long it is free where its holder has died, 1 ms to 1 day
   * @param waitAtMost how long to wait for it; zero: not at all
   * @return failed as {@link Failure#LOCK_HELD} where somebody else has it for longer
   */
  public Future<HeldLock> lock(String name, Duration ttl, Duration waitAtMost) {
    return locks.lock(name, ttl, waitAtMost);
  }

  /**
   * Works under a lock, which is released at the end.
   *
   * @param work gets the lock, whose {@link HeldLock#fence} goes with each write
   * @return what the work comes to; failed as {@link Failure#LOCK_LOST} where it was done and the
   *     lock was lost meanwhile
   */
  public <T> Future<T> withLock(
      String name, Duration ttl, Duration waitAtMost, Function<HeldLock, Future<T>> work) {
    return locks.withLock(name, ttl, waitAtMost, work);
  }

  /**
   * Takes some of what a rate limit of the settings allows.
   *
   * @param caller whose share
   * @param cost how much, from 1 to the burst of the limit
   */
  public Future<Allowance> takeOf(String limit, String caller, int cost) {
    return asker.ask(StateCalls.TAKE, () -> new Take(limit, caller, cost)).transform(Allowance::of);
  }

  /**
   * Lends a computation to all nodes, over the event bus alone.
   *
   * @param definition with the names and units of the settings, without a maker
   * @param make makes a result of an input, so many at a time as the options allow; it can fail as
   *     {@link Failure#NO_SUCH_RESULT}, {@link Failure#TRY_LATER}, {@link Failure#INVALID} or
   *     {@link Failure#OVERLOADED}, and any other failure is told as {@link Failure#ORIGIN_FAILED}
   * @return failed as {@link Failure#NO_SERVER} where no node is there yet, {@link
   *     Failure#DEFINED_ELSEWHERE} where the name is taken, or lent otherwise, {@link
   *     Failure#NO_SUCH_ROUTE} over HTTP
   */
  public Future<Lending> lend(
      String computation, JsonObject definition, Function<String, Future<String>> make) {
    return new Lending(
            context,
            asker,
            holdings,
            options.maxInFlight(),
            computation,
            definition,
            instances.get(),
            make)
        .begin();
  }

  /**
   * Gives back what is held, ends what is lent and asks no more; completed, and never failed, when
   * all was told or could not be.
   */
  public Future<Void> close() {
    asker.close();
    return holdings.giveBack().eventually(transport::close).otherwiseEmpty();
  }
}
