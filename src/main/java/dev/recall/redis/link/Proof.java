package dev.recall.redis.link;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Until when it is proved that every change of a key was heard of. Read for each answer from
 * memory, so that none hangs on a timer, which sleeps when the process does. Thread-safe.
 */
public final class Proof {

  /** How old a copy may be that does not show a change. */
  private static final long BOUND_NS = TimeUnit.MILLISECONDS.toNanos(1_000);

  private static final long BOUND_MS = TimeUnit.NANOSECONDS.toMillis(BOUND_NS);

  private final LongSupplier nanoTime;
  private final LongSupplier wallMillis;

  private volatile Moment proved = Moment.NEVER;
  private volatile boolean asked;
  private volatile Runnable prod = () -> {};

  /** Nothing is proved. */
  public Proof(LongSupplier nanoTime, LongSupplier wallMillis) {
    this.nanoTime = nanoTime;
    this.wallMillis = wallMillis;
  }

  /**
   * A time on two clocks: the one that no step changes stands still while the machine sleeps.
   *
   * @param nanos as {@link System#nanoTime()}
   * @param millis of the day
   */
  record Moment(long nanos, long millis) {
    static final Moment NEVER = new Moment(0, Long.MIN_VALUE / 2);
  }

  /** This moment. */
  Moment now() {
    return new Moment(nanoTime.getAsLong(), wallMillis.getAsLong());
  }

  /**
   * Whether every change up to a second ago was heard of, as both clocks say; where not, it is
   * proved anew as soon as can be.
   */
  public boolean isFresh() {
    if (!asked) {
      asked = true;
    }
    boolean fresh = isRecent();
    if (!fresh) {
      prod.run();
    }
    return fresh;
  }

  /** The same, asked by nobody who needs it. */
  boolean isRecent() {
    Moment last = proved;
    return nanoTime.getAsLong() - last.nanos <= BOUND_NS
        && Math.abs(wallMillis.getAsLong() - last.millis) <= BOUND_MS;
  }

  /** Whether changes are heard of, as far as is known. */
  boolean isHeard() {
    return !proved.equals(Moment.NEVER);
  }

  /** Everything that happened before a moment was heard of. */
  void prove(Moment moment) {
    proved = moment;
  }

  /** Changes go unheard. */
  void refute() {
    proved = Moment.NEVER;
  }

  /** What makes a new proof, where the last one is too old; called on any thread. */
  void onWant(Runnable wanted) {
    prod = wanted;
  }

  /** Whether anybody asked since this was asked last. */
  boolean wasAsked() {
    boolean was = asked;
    asked = false;
    return was;
  }
}
