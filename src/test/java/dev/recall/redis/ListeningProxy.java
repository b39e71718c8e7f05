package dev.recall.redis;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands before a Redis and notes what each connection sends it, one {@link Sending} for all that
 * it sends without having been answered between: as many as there are round trips.
 */
public final class ListeningProxy implements AutoCloseable {

  private final List<Sending> heard = new ArrayList<>();
  private final AtomicInteger connections = new AtomicInteger();
  private final RedisProxy proxy;

  /** A proxy on a free port. */
  public ListeningProxy(int redisPort) {
    proxy = new RedisProxy(redisPort, (client, redis) -> new Connection(client, redis).join());
  }

  public String url() {
    return proxy.url();
  }

  /** How many there are now. */
  public int connections() {
    return connections.get();
  }

  /** Everything since the proxy began, or was told to forget. */
  public synchronized List<Sending> heard() {
    return List.copyOf(heard);
  }

  public synchronized void forget() {
    heard.clear();
  }

  @Override
  public void close() {
    proxy.close();
  }

  private synchronized void hear(Sending sending) {
    heard.add(sending);
  }

  /** What a connection sent while it awaited nothing, and before the first answer to it. */
  public static final class Sending {

    private final Buffer bytes = Buffer.buffer();

    private synchronized void append(Buffer piece) {
      bytes.appendBuffer(piece);
    }

    /** Its commands, each with its arguments. */
    public synchronized List<List<String>> commands() {
      return new Commands(bytes.toString(StandardCharsets.ISO_8859_1)).read();
    }

    /** Its commands, without their arguments. */
    public List<String> names() {
      return commands().stream().map(words -> words.get(0).toUpperCase(Locale.ROOT)).toList();
    }
  }

  /** One connection, and the other one behind it. */
  private final class Connection {

    private final NetSocket client;
    private final NetSocket redis;
    private boolean answered = true;
    private Sending current = new Sending();

    Connection(NetSocket client, NetSocket redis) {
      this.client = client;
      this.redis = redis;
    }

    void join() {
      client.handler(
          piece -> {
            note(piece);
            redis.write(piece);
          });
      redis.handler(
          piece -> {
            answer();
            client.write(piece);
          });
      connections.incrementAndGet();
      client.closeHandler(
          closed -> {
            connections.decrementAndGet();
            redis.close();
          });
    }

    private synchronized void note(Buffer piece) {
      if (answered) {
        answered = false;
        current = new Sending();
        hear(current);
      }
      current.append(piece);
    }

    private synchronized void answer() {
      answered = true;
    }
  }

  /** Commands on the wire, as in {@code *2 $3 GET $1 k}, with a line's end for each space. */
  private static final class Commands {

    private final String text;
    private int at;

    Commands(String text) {
      this.text = text;
    }

    List<List<String>> read() {
      List<List<String>> commands = new ArrayList<>();
      while (at < text.length()) {
        int words = number();
        List<String> command = new ArrayList<>();
        for (int i = 0; i < words; i++) {
          int length = number();
          command.add(text.substring(at, at + length));
          at += length + 2;
        }
        commands.add(command);
      }
      return commands;
    }

    private int number() {
      int end = text.indexOf('\r', at);
      int number = Integer.parseInt(text.substring(at + 1, end));
      at = end + 2;
      return number;
    }
  }
}
