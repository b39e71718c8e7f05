package dev.recall.state;

import dev.recall.config.Deadlines;
import dev.recall.redis.bundled.SharedRedis;
import dev.recall.redis.link.RedisServer;
import dev.recall.redis.link.RedisStore;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/** One event loop with a connection to the Redis of the tests, and the engine that lives on it. */
final class StateLoop<E> implements AutoCloseable {

  private final Vertx vertx = Vertx.vertx();
  private final Context context = vertx.getOrCreateContext();
  private final RedisStore store;
  private final E engine;

  /** Makes an engine of what a state verticle has. */
  @FunctionalInterface
  interface Begin<E> {
    E begin(Vertx vertx, RedisStore store, StateParts parts);
  }

  /** An engine whose Redis answers. */
  StateLoop(Begin<E> begin) {
    MeterRegistry registry = new SimpleMeterRegistry();
    RedisServer server =
        new RedisServer(
            SharedRedis::url,
            Deadlines.of(Duration.ofSeconds(5)),
            System::nanoTime,
            System::currentTimeMillis,
            new SplittableRandom(),
            registry);
    store = await(() -> Future.succeededFuture(new RedisStore(vertx, server)));
    await(store::open);
    StateParts parts = StateParts.of(vertx, 1_000, System::nanoTime, new SecureRandom(), registry);
    engine = begin.begin(vertx, store, parts);
  }

  /** Asks on the event loop, as the bus does. */
  <T> Answer<T> ask(Function<E, Future<T>> question) {
    try {
      return Answer.of(await(() -> question.apply(engine)));
    } catch (CompletionException failure) {
      return Answer.refused(Objects.requireNonNull(failure.getCause()));
    }
  }

  private <T> T await(Supplier<Future<T>> question) {
    Promise<T> answer = Promise.promise();
    context.runOnContext(
        now -> {
          try {
            question.get().onComplete(answer);
          } catch (RuntimeException refusal) {
            answer.fail(refusal);
          }
        });
    return answer
        .future()
        .toCompletionStage()
        .toCompletableFuture()
        .orTimeout(20, TimeUnit.SECONDS)
        .join();
  }

  @Override
  public void close() {
    await(
        () -> {
          store.close();
          return Future.succeededFuture(true);
        });
    vertx.close().await();
  }
}
