package dev.recall.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The accepted versions of one document, whose writers put the version they saw, and who wrote it,
 * into each document: they must make one line.
 */
public final class VersionHistory {

  private final Map<Long, JsonObject> accepted = new ConcurrentHashMap<>();
  private final AtomicLong newest = new AtomicLong();
  private final AtomicLong writes = new AtomicLong();

  /** The newest version that has been acknowledged by now. */
  public long newest() {
    return newest.get();
  }

  public int size() {
    return accepted.size();
  }

  /**
   * What to write in the place of a document as it was read, unlike all that was written before.
   */
  public JsonObject successor(HttpResponse<String> read) {
    return new JsonObject()
        .put("write", writes.incrementAndGet())
        .put("after", DocumentCaller.version(read))
        .put("replaces", new JsonObject(read.body()).getLong("write"));
  }

  /** The first of a line. */
  public JsonObject first() {
    return new JsonObject().put("write", writes.incrementAndGet());
  }

  /**
   * A write was acknowledged.
   *
   * @param before the newest version acknowledged when it was sent
   */
  public void accept(HttpResponse<String> answer, JsonObject document, long before) {
    long version = DocumentCaller.version(answer);
    assertThat(version).as("a version after that of an earlier write").isGreaterThan(before);
    assertThat(accepted.put(version, document)).as("another of version %d", version).isNull();
    newest.accumulateAndGet(version, Math::max);
    assertFollows(version, document);
  }

  /** A document was read: it is of the line, too, also where its write was not acknowledged. */
  public void read(HttpResponse<String> answer) {
    assertFollows(DocumentCaller.version(answer), new JsonObject(answer.body()));
  }

  /** Every accepted document was written over the one that was accepted as the version before. */
  public void assertOneLine() {
    accepted.forEach(
        (version, document) -> {
          JsonObject predecessor = accepted.get(version - 1);
          if (predecessor != null && document.containsKey("replaces")) {
            assertThat(document.getLong("replaces")).isEqualTo(predecessor.getLong("write"));
          }
        });
  }

  private static void assertFollows(long version, JsonObject document) {
    if (document.containsKey("after")) {
      assertThat(version).isEqualTo(document.getLong("after") + 1);
    }
  }
}
