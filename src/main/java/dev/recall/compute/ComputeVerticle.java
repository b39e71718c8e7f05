package dev.recall.compute;

import dev.recall.api.ComputeApi;
import dev.recall.bus.Bus;
import dev.recall.bus.Failure;
import dev.recall.config.Settings;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Serves every computation to the whole cluster, from this node's workers. */
public final class ComputeVerticle extends VerticleBase {

  private final Computations computations;
  private final Settings.Compute settings;
  private Bus bus;
  private Workers workers;

  /** The verticle of a node; one instance is enough, since it only hands over. */
  public ComputeVerticle(Computations computations, Settings.Compute settings) {
    this.computations = computations;
    this.settings = settings;
  }

  @Override
  public Future<?> start() {
    int processors = Runtime.getRuntime().availableProcessors();
    int threads = settings.threads() == 0 ? processors : settings.threads();
    bus = new Bus(vertx);
    workers = new Workers(vertx, threads, settings.queue(), settings.deadline());
    List<Future<Void>> served = new ArrayList<>();
    for (Computation computation : computations.byName().values()) {
      String name = computation.name();
      served.add(bus.serve(ComputeApi.of(name), ask -> compute(computation, ask.input())));
      served.add(bus.serve(ComputeApi.here(name), ask -> computeNow(computation, ask.input())));
    }
    return Future.all(served);
  }

  @Override
  public Future<?> stop() {
    return bus.drain().onComplete(drained -> workers.close());
  }

  private Future<ComputeApi.Answer> computeNow(Computation computation, String input) {
    if (!workers.areFree()) {
      throw Failure.OVERLOADED.because("no worker of this node is free");
    }
    return compute(computation, input);
  }

  private Future<ComputeApi.Answer> compute(Computation computation, String input) {
    String canonical = computation.canonical(input);
    return workers
        .run(() -> Objects.requireNonNull(computation.compute(canonical), "there is no result"))
        .map(result -> new ComputeApi.Answer(computation.name(), canonical, result));
  }
}
