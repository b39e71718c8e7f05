package dev.recall.ops;

import dev.recall.loop.EventLoops;
import dev.recall.loop.OwnContext;
import dev.recall.redis.link.RedisServer;
import dev.recall.redis.link.RedisStore;
import dev.recall.registry.Agreement;
import io.netty.util.concurrent.EventExecutor;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** What state a node is in, and whether what it stands on works. Thread-safe. */
public final class Health {

  private static final long LOOP_DEADLINE_MS = 1_000;

  private volatile Phase phase = Phase.STARTING;

  /** The life of a node, in order. */
  public enum Phase {
    /** Not everything is deployed yet. */
    STARTING,
    /** It answers. */
    READY,
    /** It finishes what it has begun. */
    DRAINING;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The node has got so far; it never goes back, so one that drains does not become ready. */
  public synchronized void enter(Phase next) {
    if (next.compareTo(phase) > 0) {
      phase = next;
    }
  }

  Phase phase() {
    return phase;
  }

  /** Whether every event loop takes up new work within a second; told on the caller's context. */
  Future<Boolean> loopsAnswer(Vertx vertx) {
    List<Future<Void>> answers = new ArrayList<>();
    for (EventExecutor loop : EventLoops.of(vertx)) {
      if (loop.isShuttingDown()) {
        return Future.succeededFuture(false); // it takes nothing more
      }
      Promise<Void> answered = OwnContext.promise(vertx);
      loop.execute(answered::complete);
      answers.add(answered.future().timeout(LOOP_DEADLINE_MS, TimeUnit.MILLISECONDS));
    }
    return Future.all(answers).map(true).otherwise(false);
  }

  /**
   * What one of the things it stands on is like.
   *
   * @param why what is wrong, in a line, if anything can be said
   */
  record Check(String name, boolean up, Optional<String> why) {

    static Check of(String name, boolean up) {
      return new Check(name, up, Optional.empty());
    }
  }

  /**
   * Whether the node answers, and Redis, which is asked now; what Redis does not do for it, though
   * it answers; and whether other nodes contradict it.
   */
  Future<List<Check>> checks(RedisServer redis, RedisStore store, Agreement agreement) {
    Check node = Check.of("node", phase == Phase.READY);
    return store
        .ping()
        .map(
            up -> {
              List<Check> all = new ArrayList<>(List.of(node, Check.of("redis", true)));
              for (RedisServer.Trouble trouble : redis.troubles()) {
                all.add(new Check(trouble.name(), false, Optional.of(trouble.why())));
              }
              agreement
                  .contradiction()
                  .ifPresent(why -> all.add(new Check("computations", false, Optional.of(why))));
              return all;
            })
        .otherwise(away -> List.of(node, redisIsAway(redis)));
  }

  private static Check redisIsAway(RedisServer redis) {
    return new Check("redis", false, redis.refused());
  }
}
