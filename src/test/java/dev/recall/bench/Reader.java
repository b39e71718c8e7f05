package dev.recall.bench;

import io.vertx.core.http.HttpMethod;
import java.util.Map;

/** Reads the same over and over. */
record Reader(String path) implements Caller {

  @Override
  public Ask next() {
    return new Ask(HttpMethod.GET, path, Map.of());
  }
}
