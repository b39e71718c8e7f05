package dev.recall.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recall.cache.NearCache.Copy;
import dev.recall.cache.NearCache.Stamp;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** That no value older than a change survives it, while many threads read, change and evict. */
class NearCacheRaceTest {

  private static final int KEYS = 3;
  private static final int READERS = 4;
  private static final int WRITERS = 2;
  private static final long LIFE_MS = 3_600_000;
  private static final Duration RUN = Duration.ofMillis(350);

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Key[] keys = new Key[KEYS];

  @AfterEach
  void close() {
    threads.shutdownNow();
  }

  /** A key, the source of truth about it, and the oldest version that may still be answered. */
  private record Key(String name, AtomicInteger truth, AtomicInteger oldest) {}

  private NearCache near(long maxBytes) {
    for (int i = 0; i < KEYS; i++) {
      keys[i] = new Key("fib:" + i, new AtomicInteger(), new AtomicInteger());
    }
    NearCache near =
        new NearCache(
            maxBytes,
            Duration.ofHours(1),
            NearCacheRaceTest::pausingClock,
            () -> true,
            new CacheMeters(new SimpleMeterRegistry()));
    near.trust();
    return near;
  }

  /** Redis: it changes, and the change is heard of. */
  private static void write(NearCache near, Key key) {
    int version = key.truth.incrementAndGet();
    near.evict(key.name);
    key.oldest.accumulateAndGet(version, Math::max);
  }

  /** A reader of the near cache, and of Redis where that has nothing; whether it had. */
  private static boolean read(NearCache near, Key key, SplittableRandom random) {
    int oldest = key.oldest.get();
    Copy copy = near.get(key.name);
    if (copy != null) {
      assertThat(Integer.parseInt(copy.text())).isGreaterThanOrEqualTo(oldest);
      return true;
    }
    Stamp stamp = near.stamp(key.name);
    int version = key.truth.get();
    pause(random); // the way back from Redis
    near.put(key.name, Integer.toString(version), version, LIFE_MS, stamp);
    return false;
  }

  /** Lets other threads in, now and then, so that they meet in every order. */
  private static void pause(SplittableRandom random) {
    if (random.nextInt(4) == 0) {
      LockSupport.parkNanos(1_000);
    }
  }

  // The cache reads the clock in the middle of what it does: there, too, others get in.
  private static long pausingClock() {
    if (ThreadLocalRandom.current().nextInt(16) == 0) {
      LockSupport.parkNanos(1_000);
    }
    return System.nanoTime();
  }

  /** What a thread does again and again. */
  private interface Step {
    void run(SplittableRandom random);
  }

  private void run(List<Step> steps) throws Exception {
    CyclicBarrier start = new CyclicBarrier(steps.size());
    List<Future<Boolean>> running = new ArrayList<>();
    long seed = 0;
    for (Step step : steps) {
      SplittableRandom random = new SplittableRandom(seed++);
      Callable<Boolean> loop =
          () -> {
            start.await();
            long ends = System.nanoTime() + RUN.toNanos();
            while (System.nanoTime() - ends < 0) {
              step.run(random);
            }
            return true;
          };
      running.add(threads.submit(loop));
    }
    for (Future<Boolean> each : running) {
      assertThat(each.get()).isTrue();
    }
  }

  private List<Step> readersAndWriters(NearCache near, AtomicLong hits) {
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < READERS; i++) {
      steps.add(
          random -> {
            if (read(near, keys[random.nextInt(KEYS)], random)) {
              hits.incrementAndGet();
            }
          });
    }
    for (int i = 0; i < WRITERS; i++) {
      steps.add(
          random -> {
            write(near, keys[random.nextInt(KEYS)]);
            pause(random);
          });
    }
    return steps;
  }

  private void assertCopiesAreTrue(NearCache near) {
    for (Key key : keys) {
      Copy copy = near.get(key.name);
      if (copy != null) {
        assertThat(copy.text()).isEqualTo(Integer.toString(key.truth.get()));
      }
    }
  }

  @Test
  void get_whileKeysChangeAndAreEvicted_neverAnswersWhatWasBeforeAnEviction() throws Exception {
    NearCache near = near(1_000_000);
    AtomicLong hits = new AtomicLong();

    run(readersAndWriters(near, hits));

    assertThat(hits).hasPositiveValue();
    assertCopiesAreTrue(near);
  }

  @Test
  void get_whileThereIsRoomForOneCopyOnly_neverAnswersWhatWasBeforeAnEviction() throws Exception {
    NearCache near = near(NearCache.COPY_BYTES + 50);
    AtomicLong hits = new AtomicLong();

    run(readersAndWriters(near, hits));

    assertThat(hits).hasPositiveValue();
    assertCopiesAreTrue(near);
  }

  @Test
  void get_whileTrustComesAndGoes_neverAnswersWhatWasBeforeAnEviction() throws Exception {
    NearCache near = near(1_000_000);
    AtomicLong hits = new AtomicLong();
    List<Step> steps = readersAndWriters(near, hits);
    steps.add(
        random -> {
          if (random.nextBoolean()) {
            near.flush();
          } else {
            near.distrust();
            pause(random);
            near.trust();
          }
          pause(random);
        });

    run(steps);

    assertThat(hits).hasPositiveValue();
    assertCopiesAreTrue(near);
  }
}
