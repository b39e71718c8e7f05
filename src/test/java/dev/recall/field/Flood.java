package dev.recall.field;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Peers that mean harm: so many connections at a time, from many addresses of this machine, each of
 * which sends the same bytes; one that is closed is opened again. They stop when it is closed.
 */
final class Flood implements AutoCloseable {

  private static final int ADDRESSES = 200;
  private static final int OPENED_AT_ONCE = 64;
  private static final int SMALL = 4_096;

  private final int port;
  private final int connections;
  private final byte[] bytes;
  private final boolean reads;
  private final AtomicInteger opened = new AtomicInteger();
  private final ByteBuffer sink = ByteBuffer.allocateDirect(65_536);
  private final Thread thread = new Thread(this::run, "flood");
  private volatile boolean stopped;

  private Flood(int port, int connections, byte[] bytes, boolean reads) {
    this.port = port;
    this.connections = connections;
    this.bytes = bytes;
    this.reads = reads;
    thread.start();
  }

  /** Peers that take no answer. */
  static Flood unread(int port, int connections, byte[] bytes) {
    return new Flood(port, connections, bytes, false);
  }

  /** Peers that take all answers. */
  static Flood read(int port, int connections, byte[] bytes) {
    return new Flood(port, connections, bytes, true);
  }

  /** How many connections were opened so far. */
  int opened() {
    return opened.get();
  }

  private void run() {
    try (Selector selector = Selector.open()) {
      yieldToTheNode();
      while (!stopped) {
        for (int i = 0; i < OPENED_AT_ONCE && selector.keys().size() < connections; i++) {
          open(selector);
        }
        selector.select(key -> served(key), 20);
      }
      for (SelectionKey key : selector.keys()) {
        key.channel().close();
      }
    } catch (IOException | InterruptedException broken) {
      throw new AssertionError(broken);
    }
  }

  // They are somewhere else: what they compute takes nothing of the node's processors.
  private static void yieldToTheNode() throws IOException, InterruptedException {
    String thread = Path.of("/proc/thread-self").toRealPath().getFileName().toString();
    Shell.run("renice -n 19 -p " + thread);
  }

  private void open(Selector selector) throws IOException {
    SocketChannel channel = SocketChannel.open();
    try {
      if (!reads) {
        channel.setOption(StandardSocketOptions.SO_RCVBUF, SMALL);
      }
      byte last = (byte) (1 + opened.incrementAndGet() % ADDRESSES);
      InetAddress own = InetAddress.getByAddress(new byte[] {127, 0, 1, last});
      channel.bind(new InetSocketAddress(own, 0));
      channel.configureBlocking(false);
      channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      channel.register(
          selector,
          SelectionKey.OP_CONNECT | SelectionKey.OP_WRITE,
          ByteBuffer.wrap(bytes).asReadOnlyBuffer());
    } catch (IOException refused) {
      channel.close();
    }
  }

  private void served(SelectionKey key) {
    SocketChannel channel = (SocketChannel) key.channel();
    try {
      if (key.isConnectable()) {
        channel.finishConnect();
      }
      ByteBuffer left = (ByteBuffer) key.attachment();
      if (key.isWritable()) {
        channel.write(left);
      }
      int more = left.hasRemaining() ? SelectionKey.OP_WRITE : 0;
      // One that does not read finds out that it was closed when all is sent.
      key.interestOps(more | (reads || more == 0 ? SelectionKey.OP_READ : 0));
      if (key.isReadable()) {
        sink.clear().limit(reads ? sink.capacity() : 1);
        if (channel.read(sink) < 0) {
          throw new IOException("closed");
        }
        if (!reads) {
          key.interestOps(more);
        }
      }
    } catch (IOException closed) {
      key.cancel();
      try {
        channel.close();
      } catch (IOException ignored) {
        throw new AssertionError(ignored);
      }
    }
  }

  @Override
  public void close() {
    stopped = true;
    try {
      thread.join(10_000);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
