package dev.recall.redis.bundled;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection by which a node is present at a bundled server, and which tells it that the server
 * is gone. That the server has no other node's is what makes it an orphan.
 */
final class Keeper implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Keeper.class);
  private static final int END_MS = 10_000;
  private static final String PRESENT = "node";
  private static final String LEAVING = "leaving";

  private final RedisLine line;
  private final String info;

  private Keeper(RedisLine line, String info) {
    this.line = line;
    this.info = info;
  }

  /**
   * The presence of a node at the server that a record names. The password goes only to a server
   * that asks for one, and only the right server can answer with the run id of the record.
   *
   * @return empty where nobody listens there, or a stranger
   */
  static Optional<Keeper> at(ServerRecord record) {
    return connected(record.port(), record.password())
        .filter(
            found -> {
              boolean genuine = found.runId().equals(record.runId());
              if (!genuine) {
                found.close();
              }
              return genuine;
            });
  }

  /**
   * The presence at a server of which only port and password are known, since it is our child.
   *
   * @return empty where it does not answer yet
   */
  static Optional<Keeper> connected(int port, String password) {
    RedisLine line;
    try {
      line = new RedisLine(port);
    } catch (IOException refused) {
      return Optional.empty();
    }
    try {
      if (line.ask("PING").startsWith("-NOAUTH")
          && line.ask("AUTH", "keeper", password).equals("+OK")
          && line.ask("CLIENT", "SETNAME", PRESENT).equals("+OK")) {
        return Optional.of(new Keeper(line, line.ask("INFO")));
      }
    } catch (IOException silent) {
      LOG.debug("127.0.0.1:{} does not answer as a bundled server", port, silent);
    }
    line.close();
    return Optional.empty();
  }

  boolean isOpen() {
    return line.isOpen();
  }

  String runId() {
    return fact("run_id");
  }

  long processId() {
    return Long.parseLong(fact("process_id").replaceFirst("^$", "-1"));
  }

  /** As the server itself says. */
  RedisVersion version() {
    return RedisVersion.of(fact("redis_version")).orElse(RedisVersion.OLDEST);
  }

  /** Whether it was reading its data when we came. */
  boolean isLoading() {
    return fact("loading").equals("1");
  }

  /** Whether it writes what it is told to disk. */
  boolean isWriting() {
    return fact("aof_enabled").equals("1");
  }

  /** Whether no other node is present. */
  boolean isAlone() throws IOException {
    return present() == 1;
  }

  /** Writes all data anew; tells whether the server has begun to. */
  boolean writeAnew() throws IOException {
    return line.ask("BGREWRITEAOF").startsWith("+");
  }

  /**
   * Leaves the server, and ends it where no other node is present. Of those who leave at once, the
   * last one to say so finds nobody.
   *
   * @return whether the server ended
   */
  boolean leave() throws IOException {
    line.ask("CLIENT", "SETNAME", LEAVING);
    boolean ended = present() == 0 && end();
    close();
    return ended;
  }

  /** Ends the server, after it has written everything to disk; tells whether it did in time. */
  boolean end() throws IOException {
    try {
      String refused = line.ask("SHUTDOWN");
      LOG.warn("The bundled Redis does not end: {}", refused);
      return false;
    } catch (SocketTimeoutException busy) {
      return line.isClosedWithin(END_MS);
    } catch (IOException closed) {
      return true;
    } finally {
      close();
    }
  }

  @Override
  public void close() {
    line.close();
  }

  private long present() throws IOException {
    return line.ask("CLIENT", "LIST")
        .lines()
        .filter(client -> client.contains(" name=" + PRESENT + " "))
        .filter(client -> client.contains(" user=keeper"))
        .count();
  }

  private String fact(String name) {
    Matcher found = Pattern.compile("(?m)^" + name + ":(\\S*)").matcher(info);
    return found.find() ? found.group(1) : "";
  }
}
