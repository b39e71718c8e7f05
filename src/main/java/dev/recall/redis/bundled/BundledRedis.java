package dev.recall.redis.bundled;

import dev.recall.config.BadSettings;
import dev.recall.config.ConfDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real redis-server on a loopback port, for a machine that has none running. The nodes that share
 * a data directory share its server: who finds none starts one, and the last to leave ends it.
 *
 * <p><b>One server, one directory.</b> The server process itself holds a lock on the directory, not
 * on a file in it. No deletion, copy, clock step, reused process id or other container is an
 * interleaving of it: whatever files say, a second server cannot start while the first one lives,
 * however its nodes ended, and a copy of the directory is another directory.
 *
 * <p><b>Which server that is</b>, the record in the directory says. It is written when the server
 * answers and the node that started it is present there. Between the lock and the record there is a
 * server that nobody can find yet, and whoever comes then is told to come again. A record that is
 * deleted is written again by any node that is present; one that lies is not believed, because the
 * server must prove it.
 *
 * <p><b>An orphan</b> is a server at which no node is present. Who comes is present first, and
 * looks then: of two who come at once, either one sees the other and both stay, or the first ends
 * the orphan and the second loses it and looks again. Who loses his presence at a server that still
 * runs comes back to it as one who belongs there, and ends nothing.
 *
 * <p>All methods block.
 */
public final class BundledRedis {

  private static final Logger LOG = LoggerFactory.getLogger(BundledRedis.class);
  private static final long END_MS = 10_000;

  private final Path dir;
  private final ConfDirectory conf;
  private final SecureRandom random;
  private @Nullable Presence presence;
  private @Nullable RedisChild child;
  private String lastRunId = "";
  private boolean stopped;
  private final AtomicReference<@Nullable ServerRecord> server = new AtomicReference<>();
  private volatile String version = "";

  /** Whether there is a server to use. */
  public enum State {
    /** There is. */
    RUNNING,
    /** Another server holds the directory, and cannot be found: it starts, or is out of reach. */
    HELD
  }

  /**
   * A server that is not started yet.
   *
   * @param dir where it keeps its files; created where missing
   * @param conf has its {@code redis.conf}
   * @param random makes its passwords
   */
  public BundledRedis(Path dir, ConfDirectory conf, SecureRandom random) {
    this.dir = dir.toAbsolutePath();
    this.random = random;
    this.conf = conf;
  }

  /** Where it listens, as far as this node knows, and how a node gets in. */
  public String url() {
    ServerRecord known = server.get();
    return known == null ? "redis://127.0.0.1:0" : known.url();
  }

  /** What an operator may see of it. */
  @Override
  public String toString() {
    return "redis://%s (bundled, data in %s, redis-server %s)"
        .formatted(server.get(), dir, version);
  }

  /**
   * Sees to it that a server runs: finds the one of the directory, or starts one. To be called
   * again and again.
   *
   * @throws BadSettings where no redis-server can run here
   */
  public synchronized State ensureRunning() {
    if (stopped) {
      return State.RUNNING;
    }
    try {
      DataDirectory directory = DataDirectory.open(dir);
      if (presence != null && presence.isKept(directory)) {
        server.set(presence.record());
        return State.RUNNING;
      }
      leaveLost();
      return isFound(directory) || isStarted(directory) ? State.RUNNING : State.HELD;
    } catch (IOException failed) {
      throw new BadSettings("data.dir: " + failed);
    }
  }

  /** Leaves the server, and ends it where no other node is left, when it has written everything. */
  public synchronized void stop() {
    stopped = true;
    try {
      if (presence != null && leaves(presence)) {
        return;
      }
    } catch (IOException silent) {
      LOG.warn("The bundled Redis did not answer to the end: {}", silent.getMessage());
    }
    if (child != null) {
      child.end();
    }
  }

  // Whether there is nothing left to end.
  private boolean leaves(Presence left) throws IOException {
    if (!left.leave()) {
      return true;
    }
    ServerRecord.forget(DataDirectory.open(dir));
    return child == null || child.endsWithin(END_MS);
  }

  private void leaveLost() {
    if (presence != null) {
      LOG.warn("The bundled Redis at {} is gone", presence.record());
      presence.close();
    }
    presence = null;
    server.set(null);
  }

  private boolean isFound(DataDirectory directory) throws IOException {
    Optional<ServerRecord> recorded = ServerRecord.in(directory);
    Optional<Keeper> keeper = recorded.flatMap(Keeper::at);
    if (keeper.isEmpty()) {
      return false;
    }
    if (!keeper.get().runId().equals(lastRunId) && keeper.get().isAlone()) {
      LOG.info("Ending the orphan at {}, which no node uses", recorded.get());
      keeper.get().end();
      return false;
    }
    bePresent(directory, recorded.get(), keeper.get());
    return true;
  }

  private boolean isStarted(DataDirectory directory) throws IOException {
    EarlierRecall.takeOver(directory);
    directory.requireOurFiles();
    RedisProgram program = RedisProgram.find(directory.path());
    AppendOnly data = new AppendOnly(directory);
    data.requireReadableBy(program.version());
    int port = FreePort.preferring(directory);
    String password = ServerRecord.newPassword(random);
    String configuration =
        RedisConfiguration.text(conf.read("redis.conf"), directory.path(), port, password);
    RedisChild started = RedisChild.start(program, directory.path(), configuration);
    Optional<Keeper> keeper = started.present(port, password);
    if (keeper.isEmpty()) {
      return false;
    }
    child = started;
    try {
      data.takenOverBy(keeper.get().version());
      ServerRecord record =
          new ServerRecord(port, password, keeper.get().runId(), directory.identity());
      record.writeTo(directory);
      bePresent(directory, record, keeper.get());
      // At once: somebody else may listen on its port before the next look.
      started
          .ended()
          .whenComplete((ended, failure) -> server.compareAndSet(record, null))
          .exceptionally(failure -> null);
      LOG.info("Started redis-server {} on {}", version, record);
      return true;
    } catch (IOException full) {
      started.end();
      throw full;
    }
  }

  private void bePresent(DataDirectory directory, ServerRecord record, Keeper keeper) {
    presence = new Presence(directory, record, keeper);
    lastRunId = keeper.runId();
    version = keeper.version().toString();
    server.set(record);
  }
}
