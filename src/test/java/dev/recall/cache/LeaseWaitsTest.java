package dev.recall.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recall.redis.KeyWaits;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LeaseWaitsTest {

  private static final long LONG_MS = 600_000;

  private final Vertx vertx = Vertx.vertx();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final AtomicLong nanos = new AtomicLong();
  private final KeyWaits keyWaits = new KeyWaits(vertx);
  private final LeaseWaits waits =
      new LeaseWaits(keyWaits, new CacheMeters(registry), nanos::get, new SplittableRandom(7));

  @AfterEach
  void close() {
    vertx.close().await();
  }

  private Future<Void> await(long leaseMs, long atMostMs) {
    return waits.await(keyWaits.on("fib:10"), leaseMs, atMostMs);
  }

  private static void awaitOver(Future<Void> wait) throws Exception {
    wait.await(10, TimeUnit.SECONDS);
  }

  @Test
  void await_whenChangesAreHeardOf_isOverWithTheNews() throws Exception {
    keyWaits.hear(true);
    Future<Void> wait = await(LONG_MS, LONG_MS);
    assertThat(wait.isComplete()).isFalse();

    keyWaits.wake("fib:10");

    awaitOver(wait);
  }

  @Test
  void await_whenTheLeaseEnds_isOver() throws Exception {
    keyWaits.hear(true);

    awaitOver(await(1, LONG_MS));
  }

  @Test
  void await_whenTheTimeIsOver_isOver() throws Exception {
    keyWaits.hear(true);

    awaitOver(await(LONG_MS, 1));
  }

  @Test
  void await_whenNoChangesAreHeardOf_isSoonOver() throws Exception {
    awaitOver(await(LONG_MS, LONG_MS));
  }

  @Test
  void await_whenItIsOver_isMeasured() throws Exception {
    keyWaits.hear(true);
    Future<Void> wait = await(LONG_MS, LONG_MS);
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(3));

    keyWaits.wake("fib:10");

    awaitOver(wait);
    assertThat(registry.get("recall.cache.lease.waits").timer().totalTime(TimeUnit.SECONDS))
        .isEqualTo(3);
  }
}
