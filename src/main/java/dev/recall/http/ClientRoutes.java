package dev.recall.http;

import dev.recall.api.CacheApi.Result;
import dev.recall.http.kit.Conditions;
import dev.recall.http.kit.Gate;
import dev.recall.http.kit.Resource;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/** {@code /clients/recall.py} and {@code /clients/recall.js}: the client libraries, for anybody. */
final class ClientRoutes {

  private static final int NOT_MODIFIED = 304;

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
        Buffer text = Buffer.buffer(Objects.requireNonNull(in, name).readAllBytes());
        String tag = HexFormat.of().toHexDigits(Result.digest(text.toString()));
        return new Library(name, HttpHeaders.createOptimized(type), text, '"' + tag + '"');
      } catch (IOException unreadable) {
        throw new UncheckedIOException(unreadable);
      }
    }
  }
}
