package dev.recall.compute;

import dev.recall.bus.Bus;
import dev.recall.bus.ComputeApi;
import dev.recall.config.Settings;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.List;

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
    List<Future<Void>> served = computations.byName().values().stream().map(this::serve).toList();
    return Future.all(served);
  }

  @Override
  public Future<?> stop() {
    return bus.drain().onComplete(drained -> workers.close());
  }

  private Future<Void> serve(Computation computation) {
    return bus.serve(ComputeApi.of(computation.name()), ask -> compute(computation, ask.input()));
  }

  private Future<ComputeApi.Answer> compute(Computation computation, String input) {
    String canonical = computation.canonical(input);
    return workers
        .run(() -> computation.compute(canonical))
        .map(result -> new ComputeApi.Answer(computation.name(), canonical, result));
  }
}
