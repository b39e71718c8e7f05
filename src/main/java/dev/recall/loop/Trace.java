package dev.recall.loop;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxBootstrap;
import io.vertx.core.spi.VertxServiceProvider;
import io.vertx.core.spi.context.storage.AccessMode;
import io.vertx.core.spi.context.storage.ContextLocal;
import org.jspecify.annotations.Nullable;

/**
 * The trace that a turn of an event loop works for: the {@code traceparent} (W3C Trace Context) of
 * whoever asked, on the context of his request, from where each request to a verticle takes it
 * along.
 */
public final class Trace implements VertxServiceProvider {

  /** What it is called in the headers of HTTP and of the bus. */
  public static final String HEADER = "traceparent";

  private static final int LENGTH = 55;
  private static final int[] DASHES = {2, 35, 52};
  private static final String INVALID_VERSION = "ff";

  private static final ContextLocal<String> PARENT = ContextLocal.registerLocal(String.class);

  /** Makes room for it on every context: Vert.x loads this class before it makes the first one. */
  @Override
  public void init(VertxBootstrap bootstrap) {}

  /** That of the context whose turn it is; empty where it works for none. */
  public static String current() {
    Context context = Vertx.currentContext();
    String parent = context == null ? null : PARENT.get(context, AccessMode.CONCURRENT);
    return parent == null ? "" : parent;
  }

  /** The context whose turn it is works for this trace from now on; for none where it is empty. */
  public static void follow(String parent) {
    Context context = Vertx.currentContext();
    if (context != null && !parent.isEmpty()) {
      PARENT.put(context, AccessMode.CONCURRENT, parent);
    }
  }

  /** The header that somebody sent, or the empty string where it is none. */
  public static String of(@Nullable String header) {
    return header != null && isTraceparent(header) ? header : "";
  }

  // A later version may have more behind it, which only who knows it can pass on.
  private static boolean isTraceparent(String text) {
    if (text.length() != LENGTH || text.startsWith(INVALID_VERSION)) {
      return false;
    }
    for (int dash : DASHES) {
      if (text.charAt(dash) != '-') {
        return false;
      }
    }
    return isHex(text, 0, 2)
        && isHex(text, 3, 35)
        && isHex(text, 36, 52)
        && isHex(text, 53, LENGTH)
        && !isZero(text, 3, 35)
        && !isZero(text, 36, 52);
  }

  private static boolean isHex(String text, int from, int to) {
    return text.substring(from, to)
        .chars()
        .allMatch(one -> ('0' <= one && one <= '9') || ('a' <= one && one <= 'f'));
  }

  private static boolean isZero(String text, int from, int to) {
    return text.substring(from, to).chars().allMatch(one -> one == '0');
  }
}
