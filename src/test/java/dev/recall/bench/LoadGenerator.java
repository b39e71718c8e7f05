package dev.recall.bench;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;

/** Asks one address as fast as it answers, over {@value #CONNECTIONS} connections. */
interface LoadGenerator {

  /** How many requests are in flight at a time. */
  int CONNECTIONS = 64;

  /**
   * Asks for a while.
   *
   * @throws IOException where anything but 200 is answered
   */
  Load load(URI target, Duration time) throws IOException, InterruptedException;

  /**
   * wrk where it is installed, else a client in this process, which takes more of the processor.
   */
  static LoadGenerator best() {
    return Wrk.isInstalled() ? new Wrk() : new KeepAliveClient();
  }

  /**
   * What was answered.
   *
   * @param perSecond requests answered in a second
   * @param medianMs latency that half of them kept
   * @param p99Ms latency that 99 in 100 kept
   */
  record Load(double perSecond, double medianMs, double p99Ms) {}
}
