package dev.recall.redis.bundled;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the bundled Redis running while the node does, looking after it every second. */
public final class BundledRedisVerticle extends VerticleBase {

  private static final Logger LOG = LoggerFactory.getLogger(BundledRedisVerticle.class);
  private static final long PERIOD_MS = 1_000;

  private final BundledRedis bundled;

  /** The verticle of a node; one instance. */
  public BundledRedisVerticle(BundledRedis bundled) {
    this.bundled = bundled;
  }

  @Override
  public Future<?> start() {
    vertx.setPeriodic(PERIOD_MS, tick -> ensureRunning().onFailure(this::tell));
    return ensureRunning();
  }

  @Override
  public Future<?> stop() {
    return vertx.executeBlocking(action(bundled::stop));
  }

  private Future<Boolean> ensureRunning() {
    return vertx.executeBlocking(action(bundled::ensureRunning));
  }

  private void tell(Throwable failure) {
    LOG.warn("The bundled Redis does not run: {}", failure.getMessage());
  }

  private static Callable<Boolean> action(Runnable action) {
    return () -> {
      action.run();
      return true;
    };
  }
}
