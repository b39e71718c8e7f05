package dev.recall.failure;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * What the log is told of bugs, a plug-in's among them: the first of a kind with its stack trace,
 * and then, as long as it goes on, once a minute how often it has happened. A bug that every
 * request meets would else cost more than the requests, and fill the disk. Two are of a kind if
 * they are of one class and thrown at one place. Thread-safe.
 */
public final class Bugs {

  /** Beyond so many kinds, those not met for longest are told as new. */
  private static final int MAX_KINDS = 200;

  private static final Duration PAUSE = Duration.ofMinutes(1);

  private static final Bugs OF_THIS_PROCESS = new Bugs(System::nanoTime);

  private final LongSupplier nanoTime;
  private final Cache<Kind, Count> counts = Caffeine.newBuilder().maximumSize(MAX_KINDS).build();

  Bugs(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /**
   * Tells of a bug.
   *
   * @param what failed by it
   * @return what its caller is told
   */
  public static FailureException tell(Logger log, String what, Throwable bug) {
    OF_THIS_PROCESS.add(log, what, bug);
    return Failure.INTERNAL.because("this is a bug; the log of the node tells more");
  }

  void add(Logger log, String what, Throwable bug) {
    Count count = counts.get(Kind.of(bug), first -> new Count());
    long untold = count.add(nanoTime.getAsLong());
    if (untold == Count.FIRST) {
      log.error("{} failed by a bug", what, bug);
    } else if (untold > 0) {
      log.error("{} failed by a bug told before, {} times more: {}", what, untold, bug.toString());
    }
  }

  private record Kind(Class<?> of, @Nullable StackTraceElement at) {

    static Kind of(Throwable bug) {
      StackTraceElement[] trace = bug.getStackTrace();
      return new Kind(bug.getClass(), trace.length == 0 ? null : trace[0]);
    }
  }

  /** How often a bug has happened since the log was told. */
  private static final class Count {

    static final long FIRST = -1;

    private boolean begun;
    private long untold;
    private long toldAt;

    /** How many to tell of now, 0 for none, or {@link #FIRST}. */
    synchronized long add(long now) {
      if (!begun) {
        begun = true;
        toldAt = now;
        return FIRST;
      }
      untold++;
      if (now - toldAt < PAUSE.toNanos()) {
        return 0;
      }
      long all = untold;
      untold = 0;
      toldAt = now;
      return all;
    }
  }
}
