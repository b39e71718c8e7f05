package dev.recall.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;

/** Asks as fast as it is answered, over {@value #CONNECTIONS} connections. */
interface LoadGenerator {

  /** How many requests are in flight at a time. */
  int CONNECTIONS = 64;

  /**
   * Asks for a while.
   *
   * @throws IOException where a connection fails
   */
  Load load(Row row, Duration time) throws IOException, InterruptedException;

  /**
   * wrk where it is installed, else a client in this process, which takes more of the processor.
   */
  static LoadGenerator best() {
    return Wrk.isInstalled() ? new Wrk() : new KeepAliveClient();
  }

  /** A name that no other load has, for what it creates. */
  static String newName() {
    return "load-" + Long.toString(System.nanoTime(), Character.MAX_RADIX);
  }

  /**
   * What was answered.
   *
   * @param perSecond what the program counts, done in a second
   * @param medianMs latency that half of the requests kept
   * @param p99Ms latency that 99 in 100 kept
   * @param refused answers that are not 2xx, by status
   */
  record Load(double perSecond, double medianMs, double p99Ms, Map<String, Long> refused) {}
}
