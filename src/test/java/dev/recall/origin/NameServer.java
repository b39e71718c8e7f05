package dev.recall.origin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A name server on loopback to which every name means one address, until a test changes that. */
final class NameServer implements AutoCloseable {

  private static final int HEADER = 12;
  private static final int TYPE_A = 1;
  private static final int NO_SUCH_NAME = 3;

  private final DatagramSocket socket;
  private final AtomicReference<@Nullable String> address = new AtomicReference<>();

  /** One that is silent. */
  NameServer() {
    try {
      socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    } catch (SocketException failed) {
      throw new UncheckedIOException(failed);
    }
    Thread thread = new Thread(this::serve, "names");
    thread.setDaemon(true);
    thread.start();
  }

  int port() {
    return socket.getLocalPort();
  }

  /** What names mean from now on; empty: there are none. */
  void answer(String text) {
    address.set(text);
  }

  /** Answers nothing from now on. */
  void silence() {
    address.set(null);
  }

  @Override
  public void close() {
    socket.close();
  }

  private void serve() {
    DatagramPacket packet = new DatagramPacket(new byte[512], 512);
    while (!socket.isClosed()) {
      try {
        packet.setLength(512);
        socket.receive(packet);
        String means = address.get();
        if (means != null) {
          byte[] reply = reply(packet, means);
          socket.send(new DatagramPacket(reply, reply.length, packet.getSocketAddress()));
        }
      } catch (IOException closed) {
        return;
      }
    }
  }

  /** The question, and behind it the address, where it is asked for one of IPv4. */
  private static byte[] reply(DatagramPacket question, String means) throws IOException {
    ByteBuffer asked = ByteBuffer.wrap(question.getData(), 0, question.getLength());
    int end = HEADER;
    while (asked.get(end) != 0) {
      end += asked.get(end) + 1;
    }
    boolean isFound = !means.isEmpty() && asked.getShort(end + 1) == TYPE_A;
    ByteBuffer reply = ByteBuffer.allocate(512);
    reply.putShort(asked.getShort(0));
    reply.putShort((short) (0x8580 | (means.isEmpty() ? NO_SUCH_NAME : 0)));
    reply.putShort((short) 1).putShort((short) (isFound ? 1 : 0)).putInt(0);
    reply.put(question.getData(), HEADER, end + 5 - HEADER);
    if (isFound) {
      reply.putShort((short) 0xC00C).putShort((short) TYPE_A).putShort((short) 1).putInt(0);
      reply.putShort((short) 4).put(InetAddress.getByName(means).getAddress());
    }
    byte[] bytes = new byte[reply.position()];
    reply.flip().get(bytes);
    return bytes;
  }
}
