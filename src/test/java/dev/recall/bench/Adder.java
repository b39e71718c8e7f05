package dev.recall.bench;

import io.vertx.core.http.HttpMethod;

/** Adds to a counter; {@code add.lua} does the same. */
record Adder(String path) implements Caller {

  @Override
  public Ask next() {
    return new Ask(HttpMethod.POST, path, "{\"by\":5}");
  }
}
