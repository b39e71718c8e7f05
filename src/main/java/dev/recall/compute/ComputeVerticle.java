package dev.recall.compute;

import dev.recall.api.CacheApi.Result;
import dev.recall.api.ComputeApi;
import dev.recall.bus.Bus;
import dev.recall.bus.BusParts;
import dev.recall.config.Deadlines;
import dev.recall.config.Settings;
import dev.recall.failure.Failure;
import dev.recall.spi.Computation;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Serves every computation to the whole cluster, from this node's workers. */
public final class ComputeVerticle extends VerticleBase {

  private final Computations computations;
  private final Settings.Compute settings;
  private final long maxBytes;
  private final BusParts busParts;
  private final MeterRegistry registry;
  private Bus bus;
  private Workers workers;

  /**
   * The verticle of a node; one instance is enough, since it only hands over.
   *
   * @param maxBytes of the longest result
   */
  public ComputeVerticle(
      Computations computations,
      Settings.Compute settings,
      long maxBytes,
      BusParts busParts,
      MeterRegistry registry) {
    this.computations = computations;
    this.settings = settings;
    this.maxBytes = maxBytes;
    this.busParts = busParts;
    this.registry = registry;
  }

  @Override
  public Future<?> start() {
    int processors = Runtime.getRuntime().availableProcessors();
    int threads = settings.threads() == 0 ? processors : settings.threads();
    bus = new Bus(vertx, busParts);
    workers = new Workers(vertx, threads, settings.queue(), settings.deadline(), System::nanoTime);
    Gauge.builder("recall.compute.stuck", workers, Workers::stuck)
        .description("Computations that go on past their deadline and do not heed the interrupt")
        .register(registry);
    List<Future<Void>> served = new ArrayList<>();
    for (Computation computation : computations.byName().values()) {
      String name = computation.name();
      served.add(bus.serve(ComputeApi.of(name), ask -> compute(computation, ask)));
      served.add(bus.serve(ComputeApi.here(name), ask -> computeHere(computation, ask)));
    }
    return Future.all(served);
  }

  @Override
  public Future<?> stop() {
    return bus.drain(Deadlines.BUS_DRAIN).onComplete(drained -> workers.close());
  }

  private Future<ComputeApi.Answer> computeHere(Computation computation, ComputeApi.Ask ask) {
    if (vertx.isClustered() && !workers.areFree()) {
      throw Failure.OVERLOADED.because("no worker of this node is free");
    }
    return compute(computation, ask);
  }

  private Future<ComputeApi.Answer> compute(Computation computation, ComputeApi.Ask ask) {
    String canonical = computation.canonical(ask.input());
    return workers
        .run(ask.caller(), () -> checked(computation.compute(canonical)))
        .map(result -> new ComputeApi.Answer(computation.name(), canonical, result));
  }

  // On the worker's thread: what is too long goes no further, and is garbage at once.
  private String checked(String result) {
    Objects.requireNonNull(result, "there is no result");
    if (Result.isLonger(result, maxBytes)) {
      throw Failure.RESULT_TOO_LARGE.because(
          "the result is longer than the " + maxBytes + " bytes this node has room for");
    }
    return result;
  }
}
