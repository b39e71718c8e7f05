package dev.recall.bench;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import org.jspecify.annotations.Nullable;

/**
 * Replaces a document of its own, by the tag of the last answer; {@code compare-and-set.lua} does
 * the same for all connections.
 */
final class Replacer implements Caller {

  /** The document. */
  static final String DOCUMENT =
      "{\"user\":\"123\",\"roles\":[\"reader\",\"writer\"],\"seen\":1700000000,\"cart\":[17,4,42]}";

  private final String namespace;
  private final String name;
  private int created;
  private @Nullable String tag;

  Replacer(String namespace, String name) {
    this.namespace = namespace;
    this.name = name;
  }

  @Override
  public Ask next() {
    if (tag == null) {
      created++;
    }
    Ask put = new Ask(HttpMethod.PUT, namespace + "/" + name + "-" + created, DOCUMENT);
    return tag == null ? put.with("if-none-match", "*") : put.with("if-match", tag);
  }

  @Override
  public void answered(int status, MultiMap headers, String body) {
    tag = status < 300 ? headers.get(HttpHeaders.ETAG) : null;
  }
}
