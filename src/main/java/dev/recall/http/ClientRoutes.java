package dev.recall.http;

import dev.recall.http.kit.Conditions;
import dev.recall.http.kit.Gate;
import dev.recall.http.kit.Resource;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/** {@code /clients/recall.py} and {@code /clients/recall.js}: the client libraries, for anybody. */
final class ClientRoutes {

  private static final int NOT_MODIFIED = 304;
  private static final int TAG_BYTES = 8;

  /** Read once, however many verticles serve them. */
  private static final List<Library> LIBRARIES =
      List.of(
          Library.of("recall.py", "text/x-python; charset=utf-8"),
          Library.of("recall.js", "text/javascript; charset=utf-8"));

  void mountOn(Gate gate) {
    for (Library library : LIBRARIES) {
      gate.at("/clients/" + library.name()).open(context -> send(context, library)).only();
    }
  }

  private static void send(RoutingContext context, Library library) {
    context
        .response()
        .putHeader(HttpHeaders.ETAG, library.tag())
        // Asked for again each time, and answered 304: whoever has it has that of this node.
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache")
        .putHeader("x-content-type-options", "nosniff");
    if (Conditions.isKnown(context, library.tag())) {
      Resource.sendNothing(context, NOT_MODIFIED);
    } else {
      Resource.send(context, library.type(), library.text());
    }
  }

  /** A file, and what stands for it. */
  private record Library(String name, CharSequence type, Buffer text, String tag) {

    static Library of(String name, String type) {
      try (InputStream in = ClientRoutes.class.getResourceAsStream("/dev/recall/clients/" + name)) {
        byte[] text = Objects.requireNonNull(in, name).readAllBytes();
        return new Library(
            name, HttpHeaders.createOptimized(type), Buffer.buffer(text), "\"" + hash(text) + "\"");
      } catch (IOException unreadable) {
        throw new UncheckedIOException(unreadable);
      }
    }

    private static String hash(byte[] text) {
      try {
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(text);
        return HexFormat.of().formatHex(hash, 0, TAG_BYTES);
      } catch (NoSuchAlgorithmException impossible) {
        throw new IllegalStateException(impossible);
      }
    }
  }
}
