package dev.recall.bench;

import io.vertx.core.http.HttpMethod;

/** Posts the same over and over; {@code post.lua} does the same. */
record Poster(String path, String body) implements Caller {

  @Override
  public Ask next() {
    return new Ask(HttpMethod.POST, path, body);
  }
}
