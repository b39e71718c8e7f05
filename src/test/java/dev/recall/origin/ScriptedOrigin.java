package dev.recall.origin;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A real origin that answers each input as a test has told it to, and counts what it is asked. */
final class ScriptedOrigin implements AutoCloseable {

  private final ServerSocket server;
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          work -> {
            Thread thread = new Thread(work, "origin");
            thread.setDaemon(true);
            return thread;
          });
  private final Map<String, Part> parts = new ConcurrentHashMap<>();
  private final List<Asked> asked = new CopyOnWriteArrayList<>();
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger cuts = new AtomicInteger();
  private final AtomicInteger now = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();
  private volatile Semaphore leave = new Semaphore(0);
  private volatile Part otherwise = json("{}");

  /** What it does when it is asked. */
  interface Part {
    void play(Asked asked, Socket peer) throws IOException;
  }

  /** A request: its target as it came, and its headers by name in lower case. */
  record Asked(String target, Map<String, String> headers) {

    /** What stands in the last segment of the path. */
    String input() {
      String path = target.replaceFirst("\\?.*", "");
      String segment = path.substring(path.lastIndexOf('/') + 1);
      return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    String header(String name) {
      return headers.getOrDefault(name, "none");
    }
  }

  /** One that listens on a free port of the loopback address. */
  ScriptedOrigin() {
    this("127.0.0.1");
  }

  /** The same, on another address of this machine. */
  ScriptedOrigin(String address) {
    try {
      server = new ServerSocket();
      server.bind(new InetSocketAddress(InetAddress.getByName(address), 0), 1_000);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    threads.execute(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  /** Where it answers. */
  String url() {
    return "http://127.0.0.1:" + port() + "/p/{input}";
  }

  ScriptedOrigin on(String input, Part part) {
    parts.put(input, part);
    return this;
  }

  /** What it does for all other inputs; {@code {}} unless told. */
  ScriptedOrigin otherwise(Part part) {
    otherwise = part;
    return this;
  }

  /** Forgets what it was told and asked. */
  void reset() {
    parts.clear();
    asked.clear();
    otherwise = json("{}");
    cuts.set(0);
    most.set(now.get());
    leave.release(1_000); // who was held for another test
    leave = new Semaphore(0);
  }

  int asked() {
    return asked.size();
  }

  int asked(String input) {
    return (int) asked.stream().filter(one -> one.input().equals(input)).count();
  }

  Asked last() {
    return asked.get(asked.size() - 1);
  }

  /** How many connections were made to it. */
  int connections() {
    return connections.get();
  }

  /** How often whoever asked has hung up on a part that {@link #hang}s. */
  int cuts() {
    return cuts.get();
  }

  /** How many it was asked for at a time, at most. */
  int mostAtATime() {
    return most.get();
  }

  /** Lets so many go on that are {@link #held}. */
  void release(int many) {
    leave.release(many);
  }

  /** An answer, as it goes over the wire. */
  static Part raw(String text) {
    return (asked, peer) -> write(peer, text);
  }

  /** 200 and JSON. */
  static Part json(String body, String... headers) {
    return status("200 OK", body, headers);
  }

  /** Any status and body, as JSON. */
  static Part status(String status, String body, String... headers) {
    StringBuilder head = new StringBuilder("HTTP/1.1 " + status + "\r\n");
    if (List.of(headers).stream().noneMatch(header -> header.startsWith("Content-Type:"))) {
      head.append("Content-Type: application/json\r\n");
    }
    for (String header : headers) {
      head.append(header).append("\r\n");
    }
    head.append("Content-Length: ").append(body.getBytes(StandardCharsets.UTF_8).length);
    return raw(head.append("\r\n\r\n").append(body).toString());
  }

  /** Closes the connection after what was said. */
  static Part thenClose(Part part) {
    return (asked, peer) -> {
      part.play(asked, peer);
      peer.close();
    };
  }

  /** Says something, and nothing more until whoever asked hangs up, which is counted. */
  Part thenHang(Part part) {
    return (asked, peer) -> {
      part.play(asked, peer);
      try {
        while (peer.getInputStream().read() >= 0) {
          // whatever more is sent is not heeded
        }
      } catch (IOException reset) {
        // it is cut all the same
      }
      cuts.incrementAndGet();
    };
  }

  /** Says nothing until whoever asked hangs up, which is counted. */
  Part hang() {
    return thenHang(raw(""));
  }

  /** Waits to be {@link #release}d first. */
  Part held(Part part) {
    return (asked, peer) -> {
      try {
        leave.acquire();
      } catch (InterruptedException ended) {
        Thread.currentThread().interrupt();
      }
      part.play(asked, peer);
    };
  }

  /** One part after the other, the last of them for ever. */
  static Part first(Part... turns) {
    AtomicInteger turn = new AtomicInteger();
    return (asked, peer) ->
        turns[Math.min(turn.getAndIncrement(), turns.length - 1)].play(asked, peer);
  }

  static void write(Socket peer, String text) throws IOException {
    write(peer, text.getBytes(StandardCharsets.UTF_8));
  }

  static void write(Socket peer, byte[] bytes) throws IOException {
    OutputStream out = peer.getOutputStream();
    out.write(bytes);
    out.flush();
  }

  /** Closes all connections, and listens on. */
  void cutAll() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  @Override
  public void close() {
    try {
      server.close();
      cutAll();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    threads.shutdownNow();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket peer = server.accept();
        connections.incrementAndGet();
        sockets.add(peer);
        threads.execute(() -> serve(peer));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket peer) {
    try (peer) {
      InputStream in = new BufferedInputStream(peer.getInputStream());
      for (Asked request = read(in); request != null; request = read(in)) {
        asked.add(request);
        most.accumulateAndGet(now.incrementAndGet(), Math::max);
        try {
          parts.getOrDefault(request.input(), otherwise).play(request, peer);
        } finally {
          now.decrementAndGet();
        }
      }
    } catch (IOException gone) {
      // so has the one who asked
    } finally {
      sockets.remove(peer);
    }
  }

  private static @Nullable Asked read(InputStream in) throws IOException {
    String line = line(in);
    String[] words = line.split(" ", -1);
    if (words.length != 3) { // the end, or no HTTP
      return null;
    }
    Map<String, String> headers = new ConcurrentHashMap<>();
    for (String header = line(in); !header.isEmpty(); header = line(in)) {
      int colon = header.indexOf(':');
      headers.merge(
          header.substring(0, colon).toLowerCase(Locale.ROOT),
          header.substring(colon + 1).strip(),
          (one, other) -> one + " | " + other);
    }
    return new Asked(words[1], headers);
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int one = in.read(); one >= 0 && one != '\n'; one = in.read()) {
      if (one != '\r') {
        line.append((char) one);
      }
    }
    return line.toString();
  }
}
