package dev.recall.redis.bundled;

import dev.recall.config.BadSettings;
import dev.recall.redis.bundled.BundledRedis.State;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the bundled Redis running while the node does, looking after it every second; less often
 * while it does not start.
 */
public final class BundledRedisVerticle extends VerticleBase {

  private static final Logger LOG = LoggerFactory.getLogger(BundledRedisVerticle.class);
  private static final long PERIOD_MS = 1_000;
  private static final long LAST_PERIOD_MS = 30_000;
  private static final long FIRST_LOOKS_MS = 500;
  private static final int FIRST_LOOKS = 20;

  private static final String OUT_OF_REACH =
      "data.dir: a server that cannot be reached here writes into it: it may be of another container,"
          + " or have lost its nodes and its redis.server file; stop it, or name another directory";

  private final BundledRedis bundled;
  private long period = PERIOD_MS;
  private String told = "";

  /** The verticle of a node; one instance. */
  public BundledRedisVerticle(BundledRedis bundled) {
    this.bundled = bundled;
  }

  @Override
  public Future<?> start() {
    return found(FIRST_LOOKS).onSuccess(running -> lookLater());
  }

  @Override
  public Future<?> stop() {
    return vertx.executeBlocking(
        () -> {
          bundled.stop();
          return true;
        });
  }

  // Whoever starts the server of the directory at this moment has ten seconds to say where it is.
  private Future<Void> found(int looks) {
    return look()
        .recover(
            failure -> {
              if (looks == 0 || !OUT_OF_REACH.equals(failure.getMessage())) {
                return Future.failedFuture(failure);
              }
              Promise<Void> later = Promise.promise();
              vertx.setTimer(FIRST_LOOKS_MS, now -> found(looks - 1).onComplete(later));
              return later.future();
            });
  }

  private Future<Void> look() {
    return vertx
        .executeBlocking(bundled::ensureRunning)
        .compose(
            state ->
                state == State.RUNNING
                    ? Future.succeededFuture()
                    : Future.failedFuture(new BadSettings(OUT_OF_REACH)));
  }

  private void lookLater() {
    vertx.setTimer(period, now -> look().onComplete(this::tell).onComplete(looked -> lookLater()));
  }

  // Each trouble once, and its end.
  private void tell(Object running, Throwable failure) {
    String trouble = failure == null ? "" : String.valueOf(failure.getMessage());
    period = failure == null ? PERIOD_MS : Math.min(2 * period, LAST_PERIOD_MS);
    if (!Objects.equals(trouble, told)) {
      if (failure == null) {
        LOG.info("The bundled Redis runs again: {}", bundled);
      } else {
        LOG.warn("The bundled Redis does not run: {}", trouble);
      }
      told = trouble;
    }
  }
}
