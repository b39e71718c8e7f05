package dev.recall.http.kit;

import dev.recall.failure.Failure;
import io.vertx.ext.web.RoutingContext;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** A header of a request, decoded strictly: a server would take one char for each of its bytes. */
public final class HeaderValue {

  private HeaderValue() {}

  /**
   * The value of a header that may stand once.
   *
   * @throws dev.recall.failure.FailureException {@link Failure#MALFORMED} where it stands more than
   *     once, or is not UTF-8
   */
  public static Optional<String> of(RoutingContext context, String name) {
    List<String> all = context.request().headers().getAll(name);
    if (all.size() > 1) {
      throw Failure.MALFORMED.because(name + " must stand once");
    }
    return all.stream().map(value -> decode(name, value.trim())).findFirst();
  }

  private static String decode(String name, String value) {
    return Utf8.decode(ByteBuffer.wrap(value.getBytes(StandardCharsets.ISO_8859_1)))
        .orElseThrow(() -> Failure.MALFORMED.because(name + " must be UTF-8"));
  }
}
