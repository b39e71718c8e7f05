package dev.recall.redis.bundled;

import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node at a server, and what it does for the directory while it is there: what others delete,
 * it puts back.
 */
final class Presence implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Presence.class);

  /** How many looks apart the files are asked for again, where they are missing. */
  private static final int AGAIN = 10;

  private final String home;
  private final Keeper keeper;
  private ServerRecord record;
  private int looksWithoutFiles;
  private boolean away;

  Presence(DataDirectory directory, ServerRecord record, Keeper keeper) {
    home = directory.identity();
    this.record = record;
    this.keeper = keeper;
  }

  ServerRecord record() {
    return record;
  }

  /**
   * Whether the server is there, and still the one of the directory.
   *
   * @param directory what has the name now
   */
  boolean isKept(DataDirectory directory) throws IOException {
    if (!keeper.isOpen()) {
      return false;
    }
    AppendOnly data = new AppendOnly(directory);
    Optional<ServerRecord> found = ServerRecord.in(directory);
    if (!found.equals(Optional.of(record))) {
      if (found.isPresent() && isOfAnother(found.get())) {
        return false;
      }
      record = record.movedTo(directory);
      record.writeTo(directory);
    }
    if (directory.identity().equals(home)) {
      data.takenOverBy(keeper.version());
      keepFiles(directory, data);
    } else {
      tellAway(directory);
    }
    return true;
  }

  /** As {@link Keeper#leave()}. */
  boolean leave() throws IOException {
    return keeper.leave();
  }

  @Override
  public void close() {
    keeper.close();
  }

  private static boolean isOfAnother(ServerRecord found) {
    Optional<Keeper> other = Keeper.at(found);
    other.ifPresent(Keeper::close);
    return other.isPresent();
  }

  // Redis puts a new list of its files in the place of the old one before it deletes any that the
  // old one names: only what is missing twice is missing.
  private void keepFiles(DataDirectory directory, AppendOnly data) throws IOException {
    if (!keeper.isWriting() || data.isWhole()) {
      if (looksWithoutFiles > 1) {
        LOG.info("The data of the bundled Redis are on disk again");
      }
      looksWithoutFiles = 0;
      return;
    }
    looksWithoutFiles++;
    if (looksWithoutFiles == 2) {
      LOG.warn(
          "The files of the bundled Redis were deleted from {}; it writes them anew",
          directory.path());
    }
    if (looksWithoutFiles % AGAIN == 2) {
      keeper.writeAnew();
    }
  }

  private void tellAway(DataDirectory directory) {
    if (!away) {
      away = true;
      LOG.error(
          "{} was deleted or replaced while the bundled Redis was running; it goes on with its data, but what it writes is not there: start all nodes anew",
          directory.path());
    }
  }
}
